internal import Cassettes
internal import HTTP
internal import Redaction

/// Turns what libcurl calls back with into recording events: a state machine without a socket or a
/// clock.
///
/// All times that it is given are monotonic nanoseconds, those that it gives count from the last
/// byte of the request that had been sent when the head began.
struct Transcript {
  /// Where the response stands.
  private enum Phase {
    case beforeHead, inHead(StatusLine), afterHead
  }

  private let method: String
  private let requestBytes: Int
  let options: RecordingOptions
  let started: Int64
  private let content: ContentDecoding?

  private(set) var events: [RecordingEvent] = []
  private(set) var isSent = false
  private(set) var hasHead = false
  private var outgoing = OutgoingRequest()
  var lastSent: Int64?
  private var origin: Int64
  var lastReceived: Int64?
  private var phase = Phase.beforeHead
  var section = HeaderSection()
  var redirect: ResponseHead?
  var trailersAt: Int64?
  var pausedAt: Int64?
  var resumedAt: Int64 = .min
  var bodyBytes: Int64 = 0
  var framing = ResponseHead.Framing.eof
  private var room: BodyRoom
  var sentOnce: SentOnce
  private var interim: [RecordingEvent] = []
  private var interimCount = 0

  /// What the frames of HTTP/2 say.
  var stream = StreamEnd()

  /// The interim answers that are noted.
  private static let limitInterim = 16

  /// Why the transfer must be given up, or nil.
  private(set) var refusal: Refusal?

  init(request: RecordingRequest, started: Int64) {
    method = request.method
    requestBytes = request.body.count
    options = request.options
    room = BodyRoom(request.options)
    self.started = started
    content = options.decodesContent ? ContentDecoding() : nil
    sentOnce = SentOnce(request)
    origin = started
  }

  /// The offset of a moment, in whole microseconds rounded down.
  func offset(_ now: Int64) -> Microseconds {
    Microseconds(saturating: max(0, now - origin) / 1000)
  }

  /// What a tick says: nothing counts before the request is sent.
  func tick(_ now: Int64) -> RecordingEvent { .tick(at: isSent ? offset(now) : .zero) }

  /// Takes the events that have come about since the last call.
  mutating func takeEvents() -> [RecordingEvent] {
    defer { events = [] }
    return events
  }
}

extension Transcript {
  /// Bytes of the request went out; `isHead` where libcurl says that they belong to its head.
  mutating func sent(_ bytes: UnsafeBufferPointer<UInt8>, isHead: Bool, now: Int64) {
    guard outgoing.add(bytes, isHead: isHead) else { return }
    sentOnce.noteSent()
    if outgoing.isFresh {
      dropRedirect()
      outgoing.isFresh = false
    }
    lastSent = now
    if !hasHead { origin = now }
    if outgoing.isWhole(bodyBytes: requestBytes) { noteSent(now) }
  }

  /// Tells that the request was sent, once and where something of it was.
  mutating func noteSent(_ now: Int64) {
    guard !isSent, lastSent != nil else { return }
    isSent = true
    append(.sent(headers: outgoing.fields, at: MonotonicClock.timeOfDay()))
    for marker in interim { append(marker) }
    interim = []
  }

  /// Something arrived, framing included.
  mutating func received(now: Int64) { lastReceived = now }

  /// One line of a response head or trailer section, with its end; false where the transfer must
  /// stop.
  mutating func headerLine(_ line: UnsafeBufferPointer<UInt8>, now: Int64) -> Bool {
    lastReceived = now
    if let status = StatusLine(line) {
      phase = .inHead(status)
      section = HeaderSection()
      // What goes out after this, as of a body that is still being sent, is not waited for.
      origin = lastSent ?? started
      return true
    }
    let isBlank = line.allSatisfy { $0 == 0x0D || $0 == 0x0A }
    switch phase {
    case .inHead(let status) where isBlank: endHead(status, now: now)
    case .inHead, .beforeHead:
      guard section.add(line) else { return refuse(.headless("the head is longer than 1 MiB")) }
    case .afterHead where isBlank: break
    case .afterHead:
      if trailersAt == nil {
        trailersAt = now
        section = HeaderSection()
      }
      guard section.add(line) else {
        return refuse(.malformed("the trailers are longer than 1 MiB"))
      }
    }
    return refusal == nil
  }

  private mutating func endHead(_ line: StatusLine, now: Int64) {
    phase = .beforeHead
    guard line.status >= 200 else {
      if line.status == 101 {
        _ = refuse(.malformed("the server switched protocols unasked"))
      } else {
        noteInterim(line.status, now: now)
      }
      return
    }
    let head = ResponseHead(line, fields: section.fields, method: method, at: offset(now))
    framing = line.isBodiless(for: method) ? .eof : head.framing
    bodyBytes = 0
    phase = .afterHead
    trailersAt = nil
    if options.followRedirects, [301, 302, 303, 307, 308].contains(head.status),
      head.headers.value(of: "location") != nil
    {
      redirect = head
    } else {
      emit(head, now: now)
      if case .length = framing, case .invalid(let why) = DeclaredLength(head.headers) {
        _ = refuse(.malformed(why))
      }
    }
  }

  /// An answer before the answer. (RFC 9110, 15.2)
  private mutating func noteInterim(_ status: Int, now: Int64) {
    interimCount += 1
    guard interimCount <= Self.limitInterim else { return }
    let more = interimCount == Self.limitInterim ? ", and there may be more" : ""
    let marker = RecordingEvent.marker("interim answer: \(status)\(more)", at: offset(now))
    // Nothing can be written down before the request.
    if isSent { append(marker) } else { interim.append(marker) }
  }

  /// Tells of the head of the answer that counts.
  mutating func emit(_ head: ResponseHead, now: Int64) {
    redirect = nil
    noteSent(now)
    hasHead = true
    append(.head(head))
    guard section.leftOut > 0 else { return }
    append(
      .marker("header lines that are no fields, left out: \(section.leftOut)", at: head.at))
  }

  /// A redirect was followed: its answer does not count.
  private mutating func dropRedirect() {
    guard let head = redirect else { return }
    redirect = nil
    let location = Redactor.redact(url: head.headers.value(of: "location") ?? "")
    append(.marker("followed a redirect: \(head.status) to \(location)", at: .zero))
  }

  /// Bytes of the body; false where the transfer must stop.
  mutating func body(_ bytes: UnsafeBufferPointer<UInt8>, now: Int64) -> Bool {
    lastReceived = now
    if let head = redirect { emit(head, now: now) }
    guard hasHead else { return refuse(.malformed("a body came without a head")) }
    guard !bytes.isEmpty else { return true }
    bodyBytes += Int64(bytes.count)
    append(.chunk(Array(bytes), at: offset(now)))
    return refusal == nil
  }

  /// Adds an event, with the content coding undone.
  mutating func append(_ event: RecordingEvent) {
    guard let content else { return add(event) }
    for event in content.take(event) { add(event) }
    if let failure = content.failure { _ = refuse(.malformed(failure.description)) }
  }

  /// Adds an event, of the body as much as there is room for.
  private mutating func add(_ event: RecordingEvent) {
    guard case .chunk(let bytes, let time) = event else { return events.append(event) }
    guard refusal == nil else { return }
    let (taken, limit) = room.take(bytes)
    if !taken.isEmpty { events.append(.chunk(taken, at: time)) }
    if let limit { _ = refuse(.cancelled("\(limit) was reached")) }
  }

  private mutating func refuse(_ refusal: Refusal) -> Bool {
    self.refusal = self.refusal ?? refusal
    return false
  }
}

extension Transcript {
  /// Whether nothing is taken from the connection.
  var isPaused: Bool { pausedAt != nil }

  /// Nothing is taken from the connection any more.
  mutating func pause(now: Int64) { pausedAt = pausedAt ?? now }

  /// What comes after this may have waited: its times are not the server's.
  mutating func resume(now: Int64) {
    guard let since = pausedAt else { return }
    pausedAt = nil
    resumedAt = now
    let milliseconds = (now - since) / 1_000_000
    append(
      .marker("paused for \(milliseconds) ms: the client took nothing", at: offset(now)))
  }
}

extension Transcript {
  /// Whether libcurl may send a request now; if not, the transfer is over, its connection lost.
  ///
  /// - Parameter isReset: Whether the connection before was reset.
  /// - Returns: Whether it is the first, one that a redirect leads to, one that may be repeated, or
  ///   one for which the server did nothing.
  mutating func mayAsk(afterReset isReset: Bool) -> Bool {
    guard
      sentOnce.mayAsk(isRedirected: redirect != nil, isUnprocessed: stream.isUnprocessed)
    else {
      return refuse(.lost(isReset: isReset))
    }
    stream.restart()
    return true
  }
}
