public import LosslessJSON

/// How an exchange ended: its `e` line.
public struct Ending: Hashable, Sendable {
  /// The kinds of ending.
  public enum How: String, CaseIterable, Sendable {
    /// The HTTP message ended as its framing says it must.
    case complete
    /// The connection was closed before the body's end.
    case truncated
    /// The connection was reset.
    case reset
    /// Nothing more came for longer than the recorder would wait.
    case timeout
    /// No response head came at all; `stage` says how far the request got.
    case unreachable
    /// The HTTP framing was broken.
    case malformed
    /// Our own client left.
    case cancelled
    /// The recorder died; what it had is kept.
    case interrupted
  }

  /// How far a request got that was never answered.
  public enum Stage: String, CaseIterable, Sendable {
    /// The name did not resolve.
    case dns
    /// No connection came about.
    case connect
    /// The TLS handshake failed.
    case tls
    /// The request was sent, at least in part, and the connection broke before a head came.
    case request
  }

  /// How it ended.
  public var how: How

  /// Where an `unreachable` one failed.
  public var stage: Stage?

  /// What the recorder saw, in words, or nil.
  public var detail: String?

  /// The libcurl result code, or nil.
  public var curlCode: Int?

  /// When it ended.
  public var at: Microseconds

  /// The keys that this version does not know, kept on rewriting.
  public var extra: [JSONValue.Member]

  /// Creates an ending from its parts.
  public init(
    how: How, stage: Stage? = nil, detail: String? = nil, curlCode: Int? = nil,
    at: Microseconds = .zero, extra: [JSONValue.Member] = []
  ) {
    self.how = how
    self.stage = stage
    self.detail = detail
    self.curlCode = curlCode
    self.at = at
    self.extra = extra
  }
}
