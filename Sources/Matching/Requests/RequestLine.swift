internal import Cassettes
internal import Redaction

/// The method and path by which candidates are found.
package struct RequestLine: Sendable {
  /// The method.
  package var method: String

  /// The path and query after redaction, without the parameters that carry credentials.
  package private(set) var target: String

  /// The target by which it is compared, where that is another.
  private var alias: String?

  /// Creates a line from a method and a target as it was sent.
  package init(method: String, target: String, comparing comparison: Comparison = Comparison()) {
    self.method = method
    self.target = Redactor.withoutCredentials(target: target, by: comparison.rules)
    normalize(by: comparison.normalizer)
    alias = Self.alias(of: self.target)
  }

  /// Normalizes the query.
  package mutating func normalize(by normalizer: Normalizer) {
    guard !normalizer.isEmpty, let query = target.utf8.firstIndex(of: 0x3F) else { return }
    var normalized = Array(target.utf8[query...])
    normalizer.normalize(&normalized)
    target = target[..<query] + String(decoding: normalized, as: UTF8.self)
    alias = Self.alias(of: target)
  }

  /// The target by which it is compared.
  var comparedTarget: String { alias ?? target }

  /// The target without its query, as it is compared.
  package var path: Substring { comparedTarget.prefix { $0 != "?" } }
}

extension RequestLine: Hashable {
  package static func == (a: Self, b: Self) -> Bool {
    a.comparedTarget == b.comparedTarget && a.method == b.method
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(method)
    hasher.combine(comparedTarget)
  }
}

extension RequestLine {
  /// The versions of Google's APIs that have one path with `v1`: of Gemini's, and of Vertex AI's.
  ///
  /// `v1alpha` is none of them: no client asks for it unless its user does.
  private static let betas = ["/v1beta/", "/v1beta1/"]

  /// Gemini's beta path as its stable one: clients of one version ask for the one, those of the
  /// next for the other, with the same requests and answers.
  ///
  /// Only what ends in a method of its own, as `models/m:generateContent` does, is surely Google's.
  private static func alias(of target: String) -> String? {
    guard target.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "%") }) else {
      return nil
    }
    let path = target.prefix { $0 != "?" }
    let last = path.split(separator: "/").last ?? ""
    guard last.contains(":") || last.contains("%3A") || last.contains("%3a") else { return nil }
    for beta in betas {
      guard let version = path.firstRange(of: beta) else { continue }
      return target[..<version.lowerBound] + "/v1/" + target[version.upperBound...]
    }
    return nil
  }
}
