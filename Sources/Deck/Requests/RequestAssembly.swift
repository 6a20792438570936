internal import Cassettes
internal import HTTP
internal import Planning

/// Puts a request together from its parts, within limits: a value that does no input or output.
struct RequestAssembly {
  /// What to do after a part.
  enum Step {
    /// Wait for more.
    case more
    /// Tell the client to send the body of this request. (RFC 9110, 10.1.1)
    case `continue`(DeckRequest)
    /// Answer with an error and close.
    case refuse(DeckRefusal)
    /// Answer the request, which is whole.
    case request(DeckRequest)
  }

  private let headBytes: Int
  private let bodyBytes: Int
  private let budget: BodyBudget
  private var head: RequestHead?

  /// The body so far.
  ///
  /// One that is long is kept in parts: to make room for more at one stretch would mean to copy
  /// what is there, which takes longer than an event loop has.
  private var body: [UInt8] = []
  private var bodyParts: [[UInt8]] = []
  private var share: BodyShare?
  private var bodySize = 0

  /// The bytes of a part.
  private static let partBytes = 64 << 10

  init(limits: DeckLimits, budget: BodyBudget? = nil) {
    headBytes = limits.headBytes
    bodyBytes = limits.bodyBytes
    self.budget = budget ?? BodyBudget(limitBytes: limits.bodiesBytes)
  }

  /// The target of the request whose head was read last, or "".
  var target: String { head?.target ?? "" }

  /// The refusal of a head that is larger than the limit.
  var headTooLarge: DeckRefusal {
    DeckRefusal(
      status: 431,
      "the request head is larger than \(headBytes) bytes: raise --max-head", closes: true)
  }

  private var bodyTooLarge: DeckRefusal {
    DeckRefusal(
      status: 413,
      "the request body is larger than \(bodyBytes) bytes: raise --max-body", closes: true)
  }

  private var bodiesTooLarge: DeckRefusal {
    DeckRefusal(
      status: 503,
      "the request bodies under way are larger than \(budget.limitBytes) bytes together: send fewer at "
        + "a time, or raise --max-bodies", closes: true,
      headers: [HeaderField("retry-after", "1")], mayRetry: true)
  }

  /// Takes the next part of the request.
  mutating func take(_ part: RequestPart) -> Step {
    switch part {
    case .head(let head): return take(head)
    case .body(let bytes): return take(bytes)
    case .end: return finish()
    }
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>) -> Step {
    let count = bytes.count
    guard bodySize + count <= bodyBytes else { return refuse(bodyTooLarge) }
    let share = share ?? BodyShare(of: budget)
    self.share = share
    guard share.add(count) else { return refuse(bodiesTooLarge) }
    bodySize += count
    if bodyParts.isEmpty, body.count + count <= Self.partBytes {
      body.append(contentsOf: bytes)
    } else if let last = bodyParts.indices.last, bodyParts[last].count + count <= Self.partBytes {
      bodyParts[last].append(contentsOf: bytes)
    } else {
      var part: [UInt8] = []
      part.reserveCapacity(Self.partBytes)
      part.append(contentsOf: bytes)
      bodyParts.append(part)
    }
    return .more
  }

  private mutating func refuse(_ refusal: DeckRefusal) -> Step {
    forgetBody()
    return .refuse(refusal)
  }

  private mutating func forgetBody() {
    body = []
    bodyParts = []
    bodySize = 0
    share = nil
  }

  private mutating func take(_ head: RequestHead) -> Step {
    let size = head.fields.reduce(head.target.utf8.count) {
      $0 + $1.name.utf8.count + $1.value.utf8.count + 4
    }
    guard size <= headBytes else { return .refuse(headTooLarge) }
    // Without one, or with two, nobody can say whom it is for. (RFC 9112, 3.2)
    let hosts = head.fields.values(of: "host").count
    guard hosts == 1 || (hosts == 0 && !head.isHTTP11) else {
      return .refuse(
        DeckRefusal(
          status: 400, "the request has \(hosts == 0 ? "no" : "more than one") host field",
          closes: true))
    }
    if let length = head.fields.value(of: "content-length").flatMap({ Int($0) }),
      length > bodyBytes
    {
      return .refuse(bodyTooLarge)
    }
    self.head = head
    forgetBody()
    let expects = head.fields.list(of: "expect")
    guard head.isHTTP11, expects.contains("100-continue")
    else { return .more }
    return .continue(Self.request(head, body: []))
  }

  private mutating func finish() -> Step {
    guard let head else { return .more }
    defer {
      self.head = nil
      forgetBody()
    }
    var request = Self.request(head, body: body)
    request.bodyParts = bodyParts
    request.share = share
    return .request(request)
  }

  private static func request(_ head: RequestHead, body: [UInt8]) -> DeckRequest {
    // What follows a request to upgrade may be another protocol, and is not parsed. (RFC 9110, 7.8)
    let upgrades = head.method == "CONNECT" || head.fields.value(of: "upgrade") != nil
    let client = ClientTraits(
      speaksHTTP10: !head.isHTTP11, closes: upgrades || !head.isKeepAlive,
      wantsHeadOnly: head.method == "HEAD",
      origin: head.fields.value(of: "origin").flatMap { $0.isVisibleASCII ? $0 : nil })
    return DeckRequest(
      method: head.method, target: head.target, headers: head.fields, body: body, client: client)
  }
}

extension String {
  /// Whether it can stand in an answer's head as it came: what is beyond ASCII could turn into a
  /// line end there.
  var isVisibleASCII: Bool {
    utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }
}
