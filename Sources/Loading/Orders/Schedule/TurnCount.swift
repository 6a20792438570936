package import Planning

/// How many turns a conversation has, as `--session-turns` says it: `3`, or `2..5` for a number
/// that is drawn for each.
package struct TurnCount: Hashable, Sendable {
  /// The fewest turns, at least 1.
  package let least: Int
  /// The most turns.
  package let most: Int

  /// The most turns that a conversation may have.
  package static let limit = 1_000_000

  /// One turn: no conversation goes on.
  package static let one = TurnCount(least: 1, most: 1)

  private init(least: Int, most: Int) {
    self.least = least
    self.most = most
  }

  /// Parses the value of `--session-turns`.
  package init(parsing text: String) throws(DirectiveError) {
    var parts = [text[...]]
    if let dot = text.firstIndex(of: "."), text[dot...].hasPrefix("..") {
      parts = [text[..<dot], text[dot...].dropFirst(2)]
    }
    guard let least = try? Quantity.ordinal(parts[0]),
      let most = try? Quantity.ordinal(parts[parts.count - 1]), least <= most, most <= Self.limit
    else {
      throw DirectiveError(
        "'\(text)' is not a number of turns: write one from 1 to \(Self.limit), like 3, or a range like "
          + "2..5 that one is drawn from")
    }
    self.init(least: least, most: most)
  }

  /// The turns of a conversation on the average.
  var mean: Double { Double(least + most) / 2 }

  /// The turns of one conversation.
  func count(of conversation: Int, _ draws: Draws) -> Int {
    guard least < most else { return least }
    return least + Int(draws.value(below: UInt64(most - least + 1), at: conversation))
  }
}

extension TurnCount: CustomStringConvertible {
  /// The number in the form that parses back to it.
  package var description: String { least == most ? "\(least)" : "\(least)..\(most)" }
}
