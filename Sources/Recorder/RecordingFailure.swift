/// Why there is no response head, as exactly as a relay needs it to do the same to its own client.
///
/// An ending with a head says all in its `how`, and one that was cancelled is nobody's failure.
public enum RecordingFailure: Hashable, Sendable, CaseIterable {
  /// The name did not resolve.
  case unresolved
  /// No connection came about: refused, no route, or nobody answered.
  case unconnected
  /// The TLS handshake failed, or the certificate is not trusted.
  case handshake
  /// The server closed the connection (FIN) before it had sent a whole line.
  case closed
  /// The server closed the connection (FIN) within the head.
  case cut
  /// The connection (RST) or the HTTP/2 stream (RST_STREAM) was reset.
  case reset
  /// The answer does not begin with a status line of HTTP/1 or of HTTP/2.
  ///
  /// An answer of HTTP/0.9 is just that, and cannot be told from any other bytes.
  case notHTTP
  /// The answer began as HTTP and then broke its grammar.
  case malformed
  /// The head is larger than is taken.
  case oversized
  /// Nothing came for too long.
  case silence
  /// Something on this side: the request could not be made, libcurl or the system had no room.
  case own
}
