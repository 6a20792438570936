internal import Cassettes
internal import HTTP
internal import Planning
internal import Sockets
internal import Units

/// One connection: reads requests one after the other, and performs the plan that answers each.
///
/// A request that arrives while another is being answered waits, and reading stops behind it, so
/// that pipelined requests are answered in order and cost no more memory than one read. (RFC 9112,
/// 9.3.2)
final class Connection {
  enum State {
    /// Reading a request.
    case reading
    /// Waiting for an answer that is put together on another thread.
    case answering
    /// Passing on a page piece by piece.
    indirect case paging(PagedAnswer)
    /// Waiting for its turn among those that the provider's limits let have one.
    indirect case waiting(Answer)
    /// Performing the plan of a request.
    case performing
    /// Passing on an answer while it comes from upstream.
    case relaying(RelayLine)
    /// All is written, and the connection is to stay silent until the client leaves.
    case holding
    /// All is written, and what the kernel holds must be acknowledged before the reset.
    case resetting(until: Instant, undelivered: Int)
    /// FIN is sent behind all that was written, and once the client has that, its own is awaited
    /// for a while, so that unread input does not turn ours into a reset.
    case lingering(until: Instant?)
    case closed
  }

  // What an event of a stream touches stands together: thousands of streams take turns in the
  // caches.

  let shared: ConnectionScene
  var wire: Wire
  private(set) var id: Connections.ID?
  var state = State.reading
  /// Whether writing waits until the client has read.
  private var isPaused = false
  /// How far the plan has come, while one is performed.
  private var performance: Performance?
  /// What the journal is to say of the answer under way.
  var delivery: AnswerProgress?

  var parser: RequestParser
  var assembly: RequestAssembly
  var isReadingOn = false
  /// Whether the next requests that came are taken up in a turn behind what is due.
  var waitsForTurn = false
  /// Whether the next piece of a page is being put together.
  var isTurningPage = false
  var isDraining = false
  /// Whether a request of it was answered.
  private var hasAnswered = false
  var inputIsClosed = false
  var closesAfterAnswer = false
  /// Since when there is no whole request to answer.
  private var idleSince = Instant.now()

  static let lingerTime = Duration.seconds(2)
  static let firstRequestTime = Duration.seconds(1)
  static let lingerPoll = Duration.milliseconds(20)
  static let resetPoll = Duration.microseconds(500)

  init(_ wire: consuming Wire, _ shared: ConnectionScene) {
    self.wire = wire
    self.shared = shared
    parser = RequestParser(headBytes: shared.limits.headBytes)
    assembly = RequestAssembly(limits: shared.limits, budget: shared.answerer.state.bodies)
  }

  // MARK: Coming and going

  /// Begins to serve, or says that there are too many connections.
  func begin(as id: Connections.ID, isAdmitted: Bool) {
    self.id = id
    guard !wire.isBroken else { return leave() }
    guard isAdmitted else {
      let refusal = DeckRefusal(
        status: 503,
        "there are already \(shared.limits.connections) connections: raise --max-connections",
        closes: true)
      refuse(refusal)
      return
    }
    shared.performer.wake(id, at: idleSince + shared.idleTime, for: .idle)
  }

  /// Closes the connection, whatever is going on.
  func leave() {
    guard let id else { return }
    self.id = nil
    close(.client)
    abandonRelay()
    state = .closed
    performance = nil
    parser.stop()
    wire.close()
    shared.stalls[id] = nil
    shared.connections.remove(id)
  }

  /// Ends what is silent at once, and lets the rest play out.
  ///
  /// A request that is on its way is answered: whoever sent it may not send it again.
  func drain() {
    isDraining = true
    // It may have come without the poller having told of it.
    if case .reading = state { socketIsReady(.read) }
    switch state {
    case .reading where hasRequest: break
    case .reading where !hasAnswered: awaitFirstRequest()
    case .reading, .lingering: finish()
    case .holding: endSilence()
    case .performing where isSilent: endSilence()
    case .answering, .waiting, .paging, .performing, .relaying, .resetting, .closed: break
    }
  }

  /// Whether a request, or a part of one, has come and is not answered.
  private var hasRequest: Bool { parser.isInside || waitsForTurn }

  /// Waits a moment for a client that has just come: its first request follows at once.
  private func awaitFirstRequest() {
    guard let id else { return }
    shared.performer.wake(id, at: .now() + Self.firstRequestTime, for: .plan)
  }

  /// Whether an answer is held back on purpose.
  private var isSilent: Bool { performance?.isSilent ?? false }

  /// Ends an answer that is held back.
  private func endSilence() {
    close(.drain)
    performance = nil
    finish()
  }

  /// When to go on, or nil where the deck ends, and does not wait for what is held back.
  private func pause(until deadline: Instant?) -> Instant? {
    guard isDraining, isSilent else { return deadline }
    endSilence()
    return nil
  }

  /// Ends whatever is going on.
  func abort() {
    close(.drain)
    leave()
  }

  // MARK: Performing

  /// Begins to answer a request that came whole at a time, or now.
  func begin(_ response: Response, arrival: Instant? = nil) {
    switch response {
    case .answer(let answer): begin(answer, arrival: arrival)
    case .page(let page): begin(page)
    case .forward(let order): begin(order)
    }
  }

  /// Begins to perform a plan, whose times count from the arrival of the request's end, or from
  /// now.
  ///
  /// - Parameters:
  ///   - answer: the plan.
  ///   - arrival: when the request had come whole.
  ///   - ready: when the plan was there, where that took a while: what was due by then is late for
  ///     this client, but comes with its gaps and not at once.
  func begin(_ answer: Answer, arrival: Instant? = nil, isReady ready: Instant? = nil) {
    closesAfterAnswer = answer.plan.plan.closesConnection
    if closesAfterAnswer { parser.stop() }
    open(
      answer.plan, number: answer.number, asker: answer.asker, place: answer.place,
      pass: answer.pass)
    guard isTurn(of: answer) else {
      state = .waiting(answer)
      return leaveWithClient()
    }
    var start = arrival ?? .now()
    if let ready, let first = answer.plan.cues.first {
      let delay = max(0, ready.nanoseconds(since: start.after(nanoseconds: first.nanoseconds)))
      start = start.after(nanoseconds: delay)
      delivery?.note(latenessNanoseconds: delay)
    }
    perform(answer, start: start)
  }

  /// Performs a plan from its beginning.
  func perform(_ answer: Answer, start: Instant) {
    noteActive()
    let deck = shared.answerer.state
    let slowdown = answer.number == nil ? nil : deck.slowdown
    performance = Performance(
      answer.plan.dated(at: Timestamp.now()), start: start, slowdown: slowdown,
      beside: slowdown == nil ? 0 : otherStreams)
    state = .performing
    wake(at: perform(at: .now()))
    leaveWithClient()
  }

  /// Asks to be woken.
  func wake(at next: Instant?) {
    guard let next, let id else { return }
    shared.performer.wake(id, at: next, for: .plan)
  }

  /// Writes a range of a buffer; where that finds the client gone, the connection is closed before
  /// this returns.
  func write(_ range: Range<Int>, of bytes: [UInt8]) {
    wire.write(range, of: bytes)
    if wire.isBroken { return leave() }
    if wire.isPending { watchWrites() }
  }

  /// Sends what waits, and goes on behind it.
  func flush() {
    wire.flush()
    if wire.isBroken { return leave() }
    noteFired(unsentBytes: wire.queuedBytes)
    if !wire.isPending {
      noteSent()
      close(delivery?.ended)
      turnPage()
    }
    if isPaused, wire.isWritable {
      isPaused = false
      wake(at: perform(at: .now()))
    }
  }

  /// Writes what is due, and returns when there is more to do.
  private func perform(at now: Instant) -> Instant? {
    guard case .performing = state, let plan = performance?.shared else { return nil }
    guard wire.isWritable else {
      isPaused = true
      return nil
    }
    guard let step = performance?.step(at: now) else {
      guard let deadline = performance?.deadline else {
        // No action is left and none ended the plan: it never sends anything.
        return end(.hang)
      }
      return pause(until: deadline)
    }
    shared.performer.noteLateness(nanoseconds: step.latenessNanoseconds)
    delivery?.note(step)
    if shared.answerer.state.slowdown != nil { performance?.note(others: otherStreams) }
    write(step, of: plan)
    guard case .performing = state else { return nil }
    if step.isLast { return end(plan.plan.ending) }
    noteFired(unsentBytes: wire.queuedBytes)
    return pause(until: performance?.deadline)
  }

  /// Writes what a step of a plan sends.
  private func write(_ step: Performance.Step, of plan: SharedPlan) {
    var (range, bytes) = (step.wire, plan.wire)
    if delivery?.lacksLimitFields == true, let begun = limitedBegin(of: step.wire, of: plan) {
      if begun.rest.isEmpty {
        (range, bytes) = (0..<begun.bytes.count, begun.bytes)
      } else {
        write(0..<begun.bytes.count, of: begun.bytes)
        guard case .performing = state else { return }
        range = begun.rest
      }
    }
    if step.isLast {
      shared.performer.publishLateness()
      writeLast(range, of: bytes, plan.plan.ending)
    } else if !range.isEmpty {
      write(range, of: bytes)
    }
  }

  /// Ends the answer as its plan says.
  func end(_ ending: Plan.Ending) -> Instant? {
    performance = nil
    if let ended = ended(ending) { close(ended) }
    switch ending {
    case .complete where closesAfterAnswer || isDraining: return sendFIN()
    case .complete where inputIsClosed && !parser.hasBytes: return sendFIN()
    case .complete:
      state = .reading
      hasAnswered = true
      idleSince = .now()
      readOn()
      return nil
    case .disconnect, .malformed: return sendFIN()
    case .hang where isDraining: return sendFIN()
    case .hang:
      state = .holding
      // So that it is noticed when the client leaves.
      parser.stop()
      readOn()
      endSilenceWithClient()
      return nil
    case .reset:
      let now = Instant.now()
      state = .resetting(until: now + shared.resetPatience, undelivered: .max)
      return reset(at: now)
    }
  }
}

extension Connection {
  /// Acts on a deadline, and returns when to be woken next, or nil for never.
  func wake(_ reason: Performer.Reason, at now: Instant) -> Instant? {
    switch (reason, state) {
    case (_, .closed): return nil
    case (.turn, _):
      takeTurn()
      return nil
    case (.plan, .performing): return perform(at: now)
    case (.plan, .resetting): return reset(at: now)
    case (.plan, .lingering): return linger(at: now)
    case (.plan, .reading) where isDraining && !hasRequest: return sendFIN()
    case (.plan, .reading), (.plan, .answering), (.plan, .waiting), (.plan, .paging),
      (.plan, .relaying), (.plan, .holding):
      return nil
    case (.write, _): return watchWrites(at: now)
    case (.idle, .reading) where now - idleSince >= shared.idleTime:
      // Lingering has a chain of wakes of its own.
      finish()
      return nil
    case (.idle, .reading): return idleSince + shared.idleTime
    case (.idle, _): return now + shared.idleTime
    }
  }
}
