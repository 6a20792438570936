internal import Cassettes
public import LosslessJSON
public import Planning
public import Redaction

/// What takes part when the fields and the body of a request are compared with those of a
/// recording.
public struct Comparison: Sendable {
  /// The JSON pointers that are left out.
  let ignoredPointers: [JSONPointer]

  /// The names of the header fields whose values must be equal, in lower case.
  package let headers: [String]

  /// What is taken for the same wherever it stands.
  let normalizer: Normalizer

  /// What is covered before: the rules by which recordings are made.
  package let rules: RedactionRules

  /// Creates a comparison of method, path, query and body.
  ///
  /// - Parameters:
  ///   - ignoredPointers: what is left out of JSON bodies. (RFC 6901)
  ///   - headers: the header fields whose values must be equal too.
  ///   - normalizations: what is taken for the same in the strings of JSON bodies and in the query.
  ///   - rules: what is covered before, by which recordings are made too.
  /// - Throws: where a header field authenticates: its value is never recorded.
  public init(
    ignoring ignoredPointers: [JSONPointer] = [], headers: [String],
    normalizing normalizations: Set<Normalization> = [], redacting rules: RedactionRules = .standard
  ) throws(DirectiveError) {
    for name in headers where HeaderComparison.isUnfit(name) {
      throw DirectiveError(
        "the field '\(name)' authenticates or frames the message, and a recording does not keep it: "
          + "match by another field")
    }
    self.init(ignoredPointers, headers.map { $0.lowercased() }, normalizations, rules)
  }

  /// Creates a comparison that leaves header fields out.
  public init(
    ignoring ignoredPointers: [JSONPointer] = [],
    normalizing normalizations: Set<Normalization> = [], redacting rules: RedactionRules = .standard
  ) {
    self.init(ignoredPointers, [], normalizations, rules)
  }

  private init(
    _ pointers: [JSONPointer], _ headers: [String], _ normalizations: Set<Normalization>,
    _ rules: RedactionRules
  ) {
    self.rules = rules
    ignoredPointers = pointers
    var seen: Set<String> = []
    self.headers = headers.filter { seen.insert($0).inserted }
    normalizer = Normalizer(normalizations)
  }

  /// The form in which a JSON body is compared, or nil of what is no JSON.
  func form(of body: [UInt8]) -> ComparableJSON? {
    guard !normalizer.isEmpty else {
      return try? ComparableJSON(parsing: body, ignoring: ignoredPointers)
    }
    return try? ComparableJSON(parsing: body, ignoring: ignoredPointers) {
      normalizer.normalize(&$0)
    }
  }
}
