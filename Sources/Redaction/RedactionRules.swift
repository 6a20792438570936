public import Patterns

/// What must not be written down: everything that the built-in rules know, and what a user says.
///
/// The built-in rules are the headers, parameters and shapes of keys that `Redactor` covers. A
/// user adds patterns and JSON values, and may keep headers.
public struct RedactionRules: Hashable, Sendable {
  /// The built-in rules alone.
  public static let standard = RedactionRules()

  /// What is covered in header values, URLs, bodies, trailers, markers and the details of endings.
  public var patterns: [Pattern]

  /// What is covered in JSON bodies and in the events of an event stream.
  ///
  /// Of a string each byte becomes `*`, of a number each digit 1; of an array or an object so all
  /// that is in it, but for its keys; `true`, `false` and `null` stay.
  public var pointers: [RedactionPointer]

  /// The names of the fields, in lower case, that the built-in rules leave as they are; patterns do
  /// not.
  public var keptHeaders: Set<String>

  /// Creates rules that add to the built-in ones.
  ///
  /// - Parameters:
  ///   - patterns: What is covered wherever it stands.
  ///   - pointers: Which JSON values are covered.
  ///   - keptHeaders: Fields that the built-in rules leave alone; case does not count.
  public init(
    patterns: [Pattern] = [], pointers: [RedactionPointer] = [],
    keptHeaders: some Sequence<String> = []
  ) {
    self.patterns = patterns
    self.pointers = pointers
    self.keptHeaders = Set(keptHeaders.map { $0.lowercased() })
  }

  /// Whether bodies are redacted as the built-in rules say.
  var isStandardForBodies: Bool { patterns.isEmpty && pointers.isEmpty }

  /// Whether fields of a name are left to patterns alone.
  func keeps(fieldNamed name: String) -> Bool {
    !keptHeaders.isEmpty && keptHeaders.contains(name.lowercased())
  }
}
