/// The layers at which a fault can act.
public enum FaultLayer: String, CaseIterable, Sendable {
  /// The answer itself, whatever carries it: its head, its bytes, its times, and where it ends.
  case message
  /// How HTTP/1 frames the body.
  case http1
  /// The connection under it.
  case tcp
}

/// What a client's connection speaks, and so what can be broken of it.
public struct ConnectionKind: Hashable, Sendable {
  /// The protocol and its version, such as `HTTP/1.1`.
  public package(set) var name: String

  /// The layers that it has.
  package var layers: Set<FaultLayer>

  /// Whether it has the chunked coding. (RFC 9112, 7.1)
  package var hasChunkedCoding: Bool

  /// Creates a kind of connection.
  package init(name: String, layers: Set<FaultLayer>, hasChunkedCoding: Bool = false) {
    self.name = name
    self.layers = layers
    self.hasChunkedCoding = hasChunkedCoding
  }

  /// HTTP/1.1 over TCP.
  public static let http11 = ConnectionKind(
    name: "HTTP/1.1", layers: [.message, .http1, .tcp], hasChunkedCoding: true)

  /// HTTP/1.0 over TCP.
  public static let http10 = ConnectionKind(name: "HTTP/1.0", layers: [.message, .http1, .tcp])
}
