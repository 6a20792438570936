/// Keeps a request from being sent twice.
///
/// Where a connection that was used before is lost, libcurl sends the request again over another,
/// though the server may have read it. That is right for a safe method only (RFC 9110, 9.2.2), and
/// where HTTP/2 says that the server has not looked at it (RFC 9113, 8.7).
struct SentOnce {
  private let mayRepeat: Bool
  private var hasAsked = false
  private var hasSent = false

  /// Whether the request that is under way may have reached the server, and must not be sent again.
  var isSpent: Bool { hasSent && !mayRepeat }

  init(_ request: RecordingRequest) { mayRepeat = request.isSafe }

  /// Bytes of a request went out.
  mutating func noteSent() { hasSent = true }

  /// Whether a request may go out now, after which it counts as under way.
  ///
  /// - Parameters:
  ///   - isRedirected: Whether it is another one than before, to which an answer led.
  ///   - isUnprocessed: Whether the server said that it did nothing for the one before.
  /// - Returns: True for the first, for another, for one of which no byte has left yet, and for one
  ///   that nothing came of.
  mutating func mayAsk(isRedirected: Bool, isUnprocessed: Bool) -> Bool {
    guard !hasAsked || mayRepeat || isRedirected || isUnprocessed || !hasSent else { return false }
    hasAsked = true
    hasSent = false
    return true
  }
}
