internal import HTTP
internal import Planning

/// How a value is to stand to a limit.
package enum Relation: String, CaseIterable, Hashable, Sendable {
  case atMost = "<="
  case atLeast = ">="
  case less = "<"
  case more = ">"

  /// Whether a value stands so to a limit.
  package func holds(_ value: Double, _ limit: Double) -> Bool {
    switch self {
    case .atMost: value <= limit
    case .atLeast: value >= limit
    case .less: value < limit
    case .more: value > limit
    }
  }

  /// Whether it keeps a value from growing.
  package var isUpperBound: Bool { self == .less || self == .atMost }

  /// The name, the relation and the limit of a text like `ttft.p99<500ms`, with or without blanks
  /// around each; an error says to write `form`.
  static func split(
    _ text: Substring, form: String
  ) throws(DirectiveError) -> (name: String, relation: Relation, limit: String) {
    guard let sign = text.firstIndex(where: { $0 == "<" || $0 == ">" }) else {
      throw DirectiveError("'\(text)' has no <, <=, > or >=: write \(form)")
    }
    let rest = text[sign...]
    let relation = allCases.first { rest.hasPrefix($0.rawValue) } ?? .less
    let limit = rest.dropFirst(relation.rawValue.count)
    return (withoutBlanks(text[..<sign]), relation, withoutBlanks(limit))
  }

  private static func withoutBlanks(_ text: Substring) -> String {
    String(decoding: Substring(text).utf8.withoutBlanksAround, as: UTF8.self)
  }
}
