package import Planning

/// Which request of several a stream is asked for with, as `--requests` says it.
package enum RequestChoice: Hashable, Sendable {
  /// One after another, and again from the first.
  case ordered
  /// Any, each as likely as the others.
  case random
  /// Any, by their weights: `weights:3,1`.
  case weights([Int])

  /// Parses the value of `--requests`.
  package init(parsing text: String) throws(DirectiveError) {
    switch text {
    case "ordered": self = .ordered
    case "random": self = .random
    case let text where text.hasPrefix("weights:"):
      self = .weights(try Self.weights(text.dropFirst("weights:".count)))
    default:
      let advice = Spelling.nearest(to: text, among: ["ordered", "random", "weights"])
      let question = advice.map { "; did you mean '\($0 == "weights" ? "weights:3,1" : $0)'?" }
      throw DirectiveError(
        "'\(text)' is not a choice of requests\(question ?? ""): write ordered, random or "
          + "weights:3,1")
    }
  }

  private static func weights(_ text: Substring) throws(DirectiveError) -> [Int] {
    var weights: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let weight = part == "0" ? 0 : try? Quantity.ordinal(part) else {
        throw DirectiveError(
          "weight '\(part)' is not a whole number: write one for each request, like weights:3,1")
      }
      weights.append(weight)
    }
    guard weights.contains(where: { $0 > 0 }) else {
      throw DirectiveError("weights:\(text) chooses nothing: write a weight above 0")
    }
    return weights
  }
}

extension RequestChoice: CustomStringConvertible {
  /// The choice in the form that parses back to it.
  package var description: String {
    switch self {
    case .ordered: "ordered"
    case .random: "random"
    case .weights(let weights): "weights:\(weights.map(String.init).joined(separator: ","))"
    }
  }
}
