/// What the journal says of a request whose body no exchange has: how it differs from the nearest
/// one.
///
/// A class, so that the journal's entries, of which most have none, are no larger for it.
package final class MissDetail: Sendable {
  /// The exchange that is most like it, or nil where none of the same API is.
  package let nearest: ExchangeName?

  /// The fields in which it differs from that, up to `Differences.limit`.
  package let differences: [Difference]

  /// How many fields differ beyond those.
  package let more: Int

  /// The option with which it would match, or nil where none is known.
  package let suggestion: String?

  /// The command that would record it, or nil where it is answered all the same.
  package let command: String?

  package init(
    nearest: ExchangeName?, differences: Differences? = nil,
    suggestion: String? = nil, command: String? = nil
  ) {
    self.nearest = nearest
    self.differences = differences?.list ?? []
    more = differences?.more ?? 0
    self.suggestion = suggestion
    self.command = command
  }

  /// Says how a request differs from the one that it was compared with.
  ///
  /// - Parameters:
  ///   - nearest: The recording.
  ///   - command: The command that would record the request.
  package convenience init(_ nearest: Nearest, command: String? = nil) {
    self.init(
      nearest: ExchangeName(nearest.entry), differences: nearest.differences,
      suggestion: nearest.hint.map { "--match-normalize \($0)" }, command: command)
  }

  /// About how much memory it takes up.
  package var sizeBytes: Int {
    200 + (command?.utf8.count ?? 0) + differences.reduce(0) { $0 + $1.sizeBytes }
  }
}
