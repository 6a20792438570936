package import Planning

/// Which share of a schedule a process takes, as `--shard` says it: `2/4`.
///
/// It takes each conversation whose number has the remainder 1 (the number of the shard less one)
/// when it is divided by 4: the shards together ask for the whole schedule, each order once.
package struct Shard: Hashable, Sendable {
  /// The number of the share, from 1.
  package let number: Int
  /// How many there are.
  package let count: Int

  /// The most shares: each process goes over the whole schedule.
  package static let limit = 10_000

  /// The whole schedule.
  package static let whole = Shard(number: 1, count: 1)

  private init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  /// Parses the value of `--shard`.
  package init(parsing text: String) throws(DirectiveError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = try? Quantity.ordinal(parts[0]),
      let count = try? Quantity.ordinal(parts[1]), number <= count,
      count <= Self.limit
    else {
      throw DirectiveError(
        "'\(text)' is not a share of the schedule: write its number, from 1, and how many there are, "
          + "at most \(Self.limit), like 2/4")
    }
    self.init(number: number, count: count)
  }

  /// Whether it takes a conversation.
  func takes(_ conversation: Int) -> Bool { conversation % count == number - 1 }

  /// How many of so many places it has: those of all shards add up to them.
  func share(of places: Int) -> Int { places / count + (number <= places % count ? 1 : 0) }
}

extension Shard: CustomStringConvertible {
  /// The share in the form that parses back to it.
  package var description: String { "\(number)/\(count)" }
}
