/// What the journal says of a request that nothing matched.
struct MissDetail: Hashable, Sendable {
  /// The exchange that is most like it.
  var nearest: JournalEntry.ExchangeName

  /// The fields in which it differs from that, up to `Differences.limit`.
  var differences: [Difference]

  /// How many fields differ beyond those.
  var more: Int

  /// The command that would record it.
  var command: String

  /// About how much memory it takes up.
  var sizeBytes: Int {
    200 + command.utf8.count + differences.reduce(0) { $0 + $1.sizeBytes }
  }
}
