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

  /// The kinds of ending that an answer can be given: what is left of a `How` when it is
  /// re-enacted.
  public enum Kind: String, CaseIterable, Sendable {
    /// The HTTP message ends as its framing says it must.
    case complete
    /// The connection closes with FIN before the message's end.
    case disconnect
    /// The connection is reset, once what was sent has been acknowledged.
    case reset
    /// Nothing more comes, and the connection stays open.
    case hang
    /// The framing is broken, so that a client sees it, and the connection closes with FIN.
    case malformed

    /// What a client sees behind the last byte, and a connection has to do there: a framing that is
    /// broken stands among the bytes.
    package var behindBytes: Kind { self == .malformed ? .disconnect : self }
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

extension Ending.How {
  /// Why an exchange that ended so is not fit for a fixture, as a clause, or nil where it is.
  package var unfitness: String? {
    switch self {
    case .cancelled: "the client left"
    case .interrupted: "the recorder died"
    case .complete, .truncated, .reset, .timeout, .unreachable, .malformed: nil
    }
  }

  /// How an answer ends that re-enacts it.
  public var kind: Ending.Kind {
    switch self {
    case .complete: .complete
    case .truncated, .cancelled, .interrupted: .disconnect
    case .reset, .unreachable: .reset
    case .timeout: .hang
    case .malformed: .malformed
    }
  }
}
