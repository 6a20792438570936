public import HTTP
public import LosslessJSON

/// The response head: the `h` line of an exchange.
public struct ResponseHead: Hashable, Sendable {
  /// How the body was framed, which decides what a client can notice of a break. (RFC 9112, 6.3)
  public enum Framing: Hashable, Sendable {
    /// The chunked transfer coding.
    case chunked
    /// A `Content-Length` of that many bytes, as sent on the wire.
    case length(Int64)
    /// The body ends with the connection.
    case eof
    /// HTTP/2 frames.
    case h2
  }

  /// The status code, 200 to 999: an interim answer is never a head.
  public var status: Int

  /// The HTTP version, `1.0`, `1.1` or `2`.
  public var http: String

  /// How the body was framed.
  public var framing: Framing

  /// The fields, in order, as they came.
  public var headers: [HeaderField]

  /// The content coding that the recorder undid, or nil.
  public var decoded: String?

  /// When the head was there whole.
  public var at: Microseconds

  /// The keys that this version does not know, kept on rewriting.
  public var extra: [JSONValue.Member]

  /// Creates a head from its parts.
  public init(
    status: Int, http: String = "1.1", framing: Framing = .chunked, headers: [HeaderField] = [],
    decoded: String? = nil, at: Microseconds = .zero, extra: [JSONValue.Member] = []
  ) {
    self.status = status
    self.http = http
    self.framing = framing
    self.headers = headers
    self.decoded = decoded
    self.at = at
    self.extra = extra
  }
}
