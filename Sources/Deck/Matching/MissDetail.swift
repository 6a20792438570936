/// What the journal says of a request that nothing matched.
///
/// A class, so that the journal's entries, of which most have none, are no larger for it.
final class MissDetail: Sendable {
  /// The exchange that is most like it.
  let nearest: JournalEntry.ExchangeName

  /// The fields in which it differs from that, up to `Differences.limit`.
  let differences: [Difference]

  /// How many fields differ beyond those.
  let more: Int

  /// The command that would record it.
  let command: String

  init(
    nearest: JournalEntry.ExchangeName, differences: [Difference], more: Int, command: String
  ) {
    self.nearest = nearest
    self.differences = differences
    self.more = more
    self.command = command
  }

  /// About how much memory it takes up.
  var sizeBytes: Int {
    200 + command.utf8.count + differences.reduce(0) { $0 + $1.sizeBytes }
  }
}
