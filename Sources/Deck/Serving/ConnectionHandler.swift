internal import NIOCore
internal import NIOHTTP1
internal import Planning

/// One connection: reads requests one after the other, and performs the plan that answers each.
///
/// A request that arrives while another is being answered waits, and reading stops behind it, so that
/// pipelined requests are answered in order and cost no more memory than one read. (RFC 9112, 9.3.2)
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum State {
    /// Reading a request.
    case reading
    /// Waiting for one of the deck's own pages.
    case answering
    /// Performing the plan of a request.
    case performing
    /// All is written, and the connection is to stay silent until the client leaves.
    case holding
    /// All is written, and what the kernel holds must be acknowledged before the reset.
    case resetting(until: NIODeadline, undelivered: Int)
    /// FIN is sent behind all that was written, and once the client has that, its own is awaited for a
    /// while, so that unread input does not turn ours into a reset.
    case lingering(until: NIODeadline?)
    case closed
  }

  let shared: ConnectionScene
  private var id: Connections.ID?
  var state = State.reading
  /// How far the plan has come, while one is performed.
  private var performance: Performance?
  private var assembly: RequestAssembly
  var waiting = CircularBuffer<HTTPServerRequestPart>()
  private var isResuming = false
  private var readIsHeld = false
  var isDraining = false
  var inputIsClosed = false
  private var inputFailure: DeckRefusal?
  private var closesAfterAnswer = false
  /// Since when there is no whole request to answer.
  private var idleSince = NIODeadline.now()
  var context: ChannelHandlerContext?
  let output = DirectOutput()
  /// What the journal is to say of the answer under way.
  var delivery: Delivery?

  static let lingerTime = TimeAmount.seconds(2)
  static let lingerPoll = TimeAmount.milliseconds(20)
  static let resetPoll = TimeAmount.microseconds(500)

  init(_ shared: ConnectionScene) {
    self.shared = shared
    assembly = RequestAssembly(limits: shared.limits)
  }

  // MARK: Coming and going

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    idleSince = .now()
    output.open(context.channel)
    // Until it is closed: a weak reference would make each of the others slower.
    output.onEmpty = { self.closePending() }
    let (id, isAdmitted) = shared.connections.add(self)
    self.id = id
    guard isAdmitted else {
      let refusal = DeckRefusal(
        status: 503, "there are \(shared.limits.connections) connections already", closes: true)
      refuse(refusal)
      return
    }
    shared.performer.wake(id, at: idleSince + shared.idleTime, for: .idle)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    leave()
  }

  func channelInactive(context: ChannelHandlerContext) {
    leave()
    context.fireChannelInactive()
  }

  private func leave() {
    close(.client)
    output.close()
    state = .closed
    performance = nil
    waiting.removeAll()
    if let id { shared.connections.remove(id) }
    id = nil
    context = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // What follows something that was no request is none either, and that has its answer.
    if error is ByteToMessageDecoderError { return }
    guard let parserError = error as? HTTPParserError else {
      context.close(promise: nil)
      return
    }
    let refusal =
      parserError == .headerOverflow
      ? assembly.headTooLarge
      : DeckRefusal(status: 400, "this is no HTTP/1.1 request (\(parserError))", closes: true)
    // The requests before it are answered first.
    if case .reading = state, waiting.isEmpty { refuse(refusal) } else { inputFailure = refusal }
  }

  /// A client that will send no more may still want its answers: only silence ends with its FIN.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event {
      inputIsClosed = true
      switch state {
      case .reading, .holding, .lingering: finish()
      case .answering, .performing, .resetting, .closed: break
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// Ends what is silent at once, and lets the rest play out.
  func drain() {
    isDraining = true
    switch state {
    case .reading, .holding, .lingering: finish()
    case .answering, .performing, .resetting, .closed: break
    }
  }

  /// Ends whatever is going on.
  func abort() {
    close(.drain)
    context?.close(promise: nil)
  }

  // MARK: Reading

  func read(context: ChannelHandlerContext) {
    if waiting.isEmpty, !isLastAnswer { context.read() } else { readIsHeld = true }
  }

  /// Whether an answer is under way behind which the connection closes, so that nothing more is read:
  /// what comes is no request of ours, as behind an upgrade.
  private var isLastAnswer: Bool {
    if case .performing = state { closesAfterAnswer } else { false }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if case .reading = state, waiting.isEmpty {
      take(part)
    } else if case .lingering = state {
      return
    } else if !isLastAnswer {
      waiting.append(part)
    }
  }

  private func take(_ part: HTTPServerRequestPart) {
    switch assembly.take(part) {
    case .more: break
    case .continue(let target):
      if let refusal = shared.answerer.refusal(of: target) { return refuse(refusal) }
      guard let context else { return }
      let interim = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
      output.write(0..<interim.readableBytes, of: interim, to: context)
    case .refuse(let refusal): refuse(refusal)
    case .request(let request) where request.isForControl: answerElsewhere(request)
    case .request(let request):
      let arrival = NIODeadline.now()
      begin(shared.answerer.answer(request), arrival: arrival)
    }
  }

  /// Answers with an error after which the connection cannot go on.
  private func refuse(_ refusal: DeckRefusal) {
    begin(
      shared.answerer.refuse(refusal, target: assembly.target, to: ClientTraits(closes: true)))
  }

  // MARK: Performing

  /// Begins to perform a plan, whose times count from the arrival of the request's end, or from now.
  func begin(_ answer: Answer, arrival: NIODeadline? = nil) {
    closesAfterAnswer = answer.plan.plan.closesConnection
    let now = NIODeadline.now()
    open(answer)
    performance = Performance(answer.plan, start: arrival ?? now)
    state = .performing
    wake(at: perform(at: now))
  }

  /// Asks to be woken.
  func wake(at next: NIODeadline?) {
    guard let next, let id else { return }
    shared.performer.wake(id, at: next, for: .plan)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable, case .performing = state, isPaused {
      isPaused = false
      wake(at: perform(at: .now()))
    }
    context.fireChannelWritabilityChanged()
  }

  /// Whether writing waits until the client has read.
  private var isPaused = false

  /// Writes what is due, and returns when there is more to do.
  private func perform(at now: NIODeadline) -> NIODeadline? {
    guard case .performing = state, let plan = performance?.shared, let context else { return nil }
    guard output.isWritable(context.channel) else {
      isPaused = true
      return nil
    }
    guard let step = performance?.step(at: now) else {
      guard let deadline = performance?.deadline else {
        // No action is left and none ended the plan: it never sends anything.
        return end(.hang)
      }
      return deadline
    }
    shared.performer.noteLateness(nanoseconds: step.latenessNanoseconds)
    delivery?.note(step)
    if step.isLast {
      shared.performer.publishLateness()
      writeLast(step.wire, of: plan, to: context)
    } else if !step.wire.isEmpty {
      output.write(step.wire, of: plan.wire, to: context)
    }
    // A write that finds the client gone closes the channel before it returns.
    guard case .performing = state else { return nil }
    return step.isLast ? end(plan.plan.ending) : performance?.deadline
  }

  /// Ends the answer as its plan says.
  private func end(_ ending: Plan.Ending) -> NIODeadline? {
    performance = nil
    if let ended = ended(ending) { close(ended) }
    switch ending {
    case .complete where closesAfterAnswer || isDraining: return sendFIN()
    case .complete where inputIsClosed && waiting.isEmpty && inputFailure == nil: return sendFIN()
    case .complete:
      state = .reading
      idleSince = .now()
      resume()
      return nil
    case .disconnect: return sendFIN()
    case .hang where isDraining || inputIsClosed: return sendFIN()
    case .hang:
      state = .holding
      // So that it is noticed when the client leaves.
      waiting.removeAll()
      releaseRead()
      return nil
    case .reset:
      let now = NIODeadline.now()
      state = .resetting(until: now + shared.resetPatience, undelivered: .max)
      return reset(at: now)
    }
  }

  /// Takes up what came while the answer went out.
  ///
  /// An answer that ends at once comes back here; the loop that is running takes the next request up
  /// then, so that the stack does not grow with the requests that a client pipelines.
  private func resume() {
    guard !isResuming else { return }
    isResuming = true
    defer { isResuming = false }
    while case .reading = state, !waiting.isEmpty {
      take(waiting.removeFirst())
    }
    if case .reading = state, let inputFailure { return refuse(inputFailure) }
    if case .reading = state, inputIsClosed { return finish() }
    releaseRead()
  }

  /// Reads on, where reading was held and need not be any more.
  func releaseRead() {
    guard readIsHeld, waiting.isEmpty, !isLastAnswer else { return }
    readIsHeld = false
    context?.read()
  }
}

extension ConnectionHandler {
  /// Acts on a deadline, and returns when to be woken next, or nil for never.
  func wake(_ reason: Performer.Reason, at now: NIODeadline) -> NIODeadline? {
    switch (reason, state) {
    case (_, .closed): return nil
    case (.plan, .performing): return perform(at: now)
    case (.plan, .resetting): return reset(at: now)
    case (.plan, .lingering): return linger(at: now)
    case (.plan, .reading), (.plan, .answering), (.plan, .holding): return nil
    case (.idle, .reading) where now - idleSince >= shared.idleTime:
      // Lingering has a chain of wakes of its own.
      finish()
      return nil
    case (.idle, .reading): return idleSince + shared.idleTime
    case (.idle, _): return now + shared.idleTime
    }
  }
}
