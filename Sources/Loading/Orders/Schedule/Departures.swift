package import Planning

/// Which clients leave before their streams end, and when, as `--cancel` says it: `5%@2s`,
/// `5%@1s..4s`, several with a comma between them.
package struct Departures: Hashable, Sendable {
  /// One share of the clients.
  private struct Group: Hashable {
    var share: ExactDecimal
    var after: DrawnTime
  }

  private var groups: [Group] = []

  /// Nobody leaves.
  package init() {}

  /// Parses the values of `--cancel`; the shares add up to at most 100%.
  package init(parsing texts: [String]) throws(DirectiveError) {
    for text in texts {
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        groups.append(try Self.group(part))
      }
    }
    guard upTo(groups.count) <= 1 << 64 else {
      throw DirectiveError("'\(self)' makes more than 100% of the clients leave: write less")
    }
  }

  private static func group(_ text: Substring) throws(DirectiveError) -> Group {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw DirectiveError(
        "'\(text)' does not say who leaves, and when: write a share of the clients and a time, like "
          + "5%@2s or 5%@1s..4s")
    }
    guard let share = try? Quantity.percentage(parts[0]) else {
      throw DirectiveError(
        "'\(parts[0])' is not a share of the clients from 0% to 100%: write one like 5%@2s")
    }
    return Group(
      share: share,
      after: try DrawnTime(parsing: parts[1], for: "time to leave after"))
  }

  /// The shares of the first groups together, of 2^64.
  private func upTo(_ count: Int) -> UInt128 {
    groups.prefix(count).reduce(0) { sum, group in
      sum + UInt128(group.share.digits) << 64 / UInt128(100 * group.share.scale)
    }
  }

  /// After how long the client of an order leaves, in nanoseconds; nil where it stays.
  func departure(of number: Int, _ draws: Draws, times: Draws) -> Int64? {
    guard !groups.isEmpty else { return nil }
    let drawn = UInt128(draws.value(at: number))
    guard let place = groups.indices.first(where: { drawn < upTo($0 + 1) }) else { return nil }
    return groups[place].after.nanoseconds(of: number, times)
  }
}

extension Departures: CustomStringConvertible {
  /// The departures in the form that parses back to them.
  package var description: String {
    groups.map { "\($0.share)%@\($0.after)" }.joined(separator: ",")
  }
}
