public import Cassettes

/// What a plan depends on beside the exchange.
public struct PlanOptions: Hashable, Sendable {
  /// When things are sent.
  public var pace: Pace

  /// The times that a pace like a cassette draws from, which needs them; else nil.
  public var samples: Pace.Samples?

  /// The longest interval that a recorded pace keeps, or nil for any.
  public var idleTimeLimit: Microseconds?

  /// The faults, in the order in which they were asked for.
  public var faults: [FaultSpec]

  /// The seed of all chance.
  public var seed: UInt64

  /// The session's name, "" where none is named.
  public var session: String

  /// The number of the request, from 1, on which chaos depends where no session is named.
  public var ordinal: Int

  /// Which try of the same request this is, from 1.
  public var attempt: Int

  /// Which of its session's requests this is, from 1, whatever they ask.
  public var request: Int

  /// Whether a fault that needs an event is an error where the recording has none, since it was
  /// asked for by name for this request.
  public var demandsFaults: Bool

  /// What the client's request says about the form of the answer.
  public var client: ClientTraits

  /// Creates options; each has its default.
  public init(
    pace: Pace = .recorded, idleTimeLimit: Microseconds? = nil, faults: [FaultSpec] = [],
    seed: UInt64 = 0, session: String = "", ordinal: Int = 1, attempt: Int = 1, request: Int = 1,
    demandsFaults: Bool = false, client: ClientTraits = .init(), samples: Pace.Samples? = nil
  ) {
    self.pace = pace
    self.samples = samples
    self.idleTimeLimit = idleTimeLimit
    self.faults = faults
    self.seed = seed
    self.session = session
    self.ordinal = ordinal
    self.attempt = attempt
    self.request = request
    self.demandsFaults = demandsFaults
    self.client = client
  }
}

extension PlanOptions {
  /// Whether a fault fires on this attempt and this request.
  func fires(_ fault: FaultSpec) -> Bool { fault.fires(onAttempt: attempt, request: request) }
}

/// What a client's request says about the form of the answer.
public struct ClientTraits: Hashable, Sendable {
  /// What its connection speaks.
  public package(set) var connection: ConnectionKind

  /// Whether the connection closes after this answer. (RFC 9112, 9.6)
  public var closes: Bool

  /// Whether the request was a HEAD, whose answer has no body. (RFC 9110, 9.3.2)
  public var wantsHeadOnly: Bool

  /// The request's `origin`, from a browser, or nil.
  public var origin: String?

  /// The directives that stood in front of the path, which a recorded `location` gets back.
  public var prefix: String

  /// Creates traits; without arguments, those of an ordinary HTTP/1.1 client.
  public init(
    speaksHTTP10: Bool = false, closes: Bool = false, wantsHeadOnly: Bool = false,
    origin: String? = nil, prefix: String = ""
  ) {
    connection = speaksHTTP10 ? .http10 : .http11
    self.closes = closes
    self.wantsHeadOnly = wantsHeadOnly
    self.origin = origin
    self.prefix = prefix
  }
}

extension ClientTraits {
  /// Whether the client speaks HTTP/1.0, which has no chunked coding. (RFC 9112, 7.1)
  public var speaksHTTP10: Bool { connection == .http10 }

  /// Whether an answer of that status has no body, whatever it says. (RFC 9112, 6.3)
  func takesNoBody(of status: Int?) -> Bool {
    wantsHeadOnly || status == 204 || status == 304
  }
}
