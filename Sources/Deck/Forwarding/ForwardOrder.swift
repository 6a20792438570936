internal import Cassettes
internal import HTTP
internal import Matching
internal import Recorder

/// One request that is to be forwarded, and what is to become of the answer.
struct ForwardOrder: Sendable {
  /// What is asked upstream.
  var request: RecordingRequest

  /// The request as it is recorded and matched: with an identity, and the path that the client
  /// asked.
  var recorded: RecordedRequest

  /// The cassette that the exchange goes to, or nil where it is not recorded.
  var cassette: (name: String, path: String)?

  /// The failures in whose place the exchange comes, on that cassette.
  var superseded: [Library.Entry] = []

  /// Finds out why the request is recorded though others like it have been.
  typealias Reason = @Sendable () -> MissDetail?

  /// Takes a while, where there is something to find out.
  var reason: Reason?

  /// The session that asked, "" for the unnamed one.
  var session: String

  /// What the client asked, without its body, for an error in the words of the API.
  var client: DeckRequest

  /// What the journal says of the request.
  var entry = JournalEntry(at: 0)

  /// The request's number in the journal.
  var number = 0
}

extension ForwardOrder {
  /// Fields that are made anew for the next connection.
  private static let madeAnew = ["content-length", "expect", "host", "proxy-authorization"]

  /// The fields that go on to an upstream.
  ///
  /// - Parameters:
  ///   - headers: The client's fields.
  ///   - ownName: The deck's own header, which is taken off, in lower case; nil where it reads
  ///     none.
  ///   - recording: Whether the answer is recorded: then it is asked for without a content coding,
  ///     so that each arrival can be read and redacted as it comes.
  /// - Returns: The fields, in order.
  static func forwarded(
    _ headers: [HeaderField], ownName: String?, recording: Bool
  ) -> [HeaderField] {
    var dropped = headers.hopByHopNames.union(Self.madeAnew)
    if let ownName { dropped.insert(ownName) }
    return headers.filter { !dropped.contains($0.name.lowercased()) }.map { field in
      recording && field.isNamed("accept-encoding")
        ? HeaderField(field.name, "identity") : field
    }
  }
}
