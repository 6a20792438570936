internal import Cassettes

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
  private let options: RecordingOptions
  private let started: Int64
  private let content: ContentDecoding?

  private(set) var events: [RecordingEvent] = []
  private(set) var isSent = false
  private(set) var hasHead = false
  private var outgoing = OutgoingRequest()
  private var lastSent: Int64?
  private var origin: Int64
  private var lastReceived: Int64?
  private var phase = Phase.beforeHead
  private var section = HeaderSection()
  private var redirect: ResponseHead?
  private var trailersAt: Int64?
  private var pausedAt: Int64?
  private var resumedAt: Int64 = .min
  private var bodyBytes: Int64 = 0
  private var framing = ResponseHead.Framing.eof
  private var received = 0
  private var chunks = 0
  private var sentOnce: SentOnce
  private var interim: [RecordingEvent] = []
  private var interimCount = 0

  /// What the frames of HTTP/2 say.
  var stream = StreamEnd()

  /// The interim answers that are noted.
  private static let limitInterim = 16

  /// Why the transfer must be given up, or nil.
  private(set) var refusal: Refusal?

  /// What ends a transfer that libcurl would go on with.
  enum Refusal: Equatable {
    case malformed(String), cancelled(String), timeout(String)
    /// No whole head came.
    case headless(String)
    /// The connection was lost behind a request that must not be sent again.
    case lost(isReset: Bool)
  }

  init(request: RecordingRequest, started: Int64) {
    method = request.method
    requestBytes = request.body.count
    options = request.options
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

  private mutating func noteSent(_ now: Int64) {
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

  private mutating func emit(_ head: ResponseHead, now: Int64) {
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
    let location = Redaction.redact(url: head.headers.value(of: "location") ?? "")
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
  private mutating func append(_ event: RecordingEvent) {
    guard let content else { return add(event) }
    for event in content.take(event) { add(event) }
    if let failure = content.failure { _ = refuse(.malformed(failure.description)) }
  }

  /// Adds an event, of the body as much as there is room for.
  private mutating func add(_ event: RecordingEvent) {
    guard case .chunk(let bytes, let time) = event else { return events.append(event) }
    guard refusal == nil else { return }
    guard chunks < options.maxChunks else {
      _ = refuse(.cancelled("the limit of \(options.maxChunks) chunks was reached"))
      return
    }
    let room = max(0, options.maxBytes - received)
    let taken = bytes.count <= room ? bytes : Array(bytes.prefix(room))
    received += taken.count
    if !taken.isEmpty {
      chunks += 1
      events.append(.chunk(taken, at: time))
    }
    if bytes.count > room {
      _ = refuse(.cancelled("--max-bytes \(options.maxBytes) was reached"))
    }
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
  /// When the transfer will be given up if nothing more comes, or nil.
  var deadline: Deadline? {
    let whole = options.maxTime.map { Deadline(.recording, of: $0, since: started) }
    guard let quiet = quietDeadline else { return whole }
    guard let whole, whole.at <= quiet.at else { return quiet }
    return whole
  }

  private var quietDeadline: Deadline? {
    // Whoever takes nothing cannot complain that nothing comes.
    guard pausedAt == nil else { return nil }
    if hasHead, let last = lastReceived {
      return Deadline(.silence, of: options.idleTimeout, since: max(last, resumedAt))
    }
    return lastSent.map {
      Deadline(.head, of: options.firstByteTimeout, since: max($0, resumedAt))
    }
  }

  /// Ends a transfer that libcurl ended.
  mutating func finish(_ outcome: TransferOutcome, now: Int64) {
    if let refusal { return finish(refusal, now: now) }
    // libcurl lost the connection behind the request, and no other came about.
    if sentOnce.isSpent, redirect == nil, !hasHead, outcome.isOfConnecting {
      return finish(.lost(isReset: false), now: now)
    }
    // Where libcurl follows no further, the redirect is the answer: it leads to another scheme (1), to
    // what is no URL (3), or on without end (47).
    let isUnfollowed = redirect != nil && [1, 3, 47].contains(outcome.code)
    if let head = redirect, isUnfollowed || [0, 18, 56].contains(outcome.code) {
      emit(head, now: now)
    }
    var outcome = outcome
    if case .h2 = framing { outcome.stream = stream }
    outcome.shortage = shortage
    let failure = outcome.failure(hasHead: hasHead)
    var ending = outcome.ending(hasHead: hasHead, at: offset(now))
    if isUnfollowed {
      ending.how = .complete
      ending.detail = "the redirect was not followed, its body not taken: \(ending.detail ?? "")"
    }
    end(ending, failure, now: now)
  }

  /// Ends a transfer that was given up.
  mutating func finish(_ refusal: Refusal, now: Int64) {
    let (how, detail, failure): (Ending.How, String, RecordingFailure?) =
      switch refusal {
      case .malformed(let detail): (.malformed, detail, .malformed)
      case .cancelled(let detail): (.cancelled, detail, nil)
      case .timeout(let detail): (.timeout, detail, .silence)
      case .headless(let detail): (.unreachable, detail, .oversized)
      case .lost(let isReset):
        (
          .unreachable,
          "the connection was \(isReset ? "reset" : "closed") before an answer came; what the server "
            + "may have read is not sent again", isReset ? .reset : .closed
        )
      }
    let stage: Ending.Stage? = how == .unreachable ? .request : nil
    end(
      Ending(how: how, stage: stage, detail: detail, at: offset(now)), hasHead ? nil : failure,
      now: now)
  }

  /// Why a body that libcurl took for whole is not as long as its head says, or nil: libcurl ignores a length
  /// that it cannot count to.
  private var shortage: String? {
    guard case .length(let length) = framing, length != bodyBytes else { return nil }
    return "the connection was closed after \(bodyBytes) bytes of the declared length"
  }

  private mutating func end(_ ending: Ending, _ failure: RecordingFailure?, now: Int64) {
    noteSent(now)
    resume(now: now)
    if let time = trailersAt, !section.fields.isEmpty {
      append(.trailers(Trailers(fields: section.fields, at: offset(time))))
    }
    append(.ended(ending, failure: failure))
  }
}

extension Transcript {
  /// Whether libcurl may send a request now; if not, the transfer is over, its connection lost.
  ///
  /// - Parameter isReset: Whether the connection before was reset.
  /// - Returns: Whether it is the first, one that a redirect leads to, or one that may be repeated.
  mutating func mayAsk(afterReset isReset: Bool) -> Bool {
    guard sentOnce.mayAsk(isRedirected: redirect != nil) else {
      return refuse(.lost(isReset: isReset))
    }
    stream.restart()
    return true
  }
}
