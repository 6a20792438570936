internal import NIOCore
internal import NIOHTTP1
internal import Planning

/// One connection: reads requests one after the other, and performs the plan that answers each.
///
/// A request that arrives while another is being answered waits, and reading stops behind it, so that
/// pipelined requests are answered in order and cost no more memory than one read. (RFC 9112, 9.3.2)
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum State {
    /// Reading a request.
    case reading
    /// Waiting for one of the deck's own pages.
    case answering
    /// Performing the plan of a request.
    case performing
    /// Passing on an answer while it comes from upstream.
    case relaying(Relay)
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
  var parser: RequestParser
  private var assembly: RequestAssembly
  private var isReadingOn = false
  private var readIsHeld = false
  var isDraining = false
  var inputIsClosed = false
  var closesAfterAnswer = false
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
    parser = RequestParser(headBytes: shared.limits.headBytes)
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
    output.onEmpty = {
      self.noteSent()
      self.closePending()
    }
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
    abandonRelay()
    output.close()
    state = .closed
    performance = nil
    parser.stop()
    if let id { shared.connections.remove(id) }
    id = nil
    context = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// A client that will send no more may still want its answers: only silence ends with its FIN.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event {
      inputIsClosed = true
      switch state {
      case .reading: readOn()
      case .holding, .lingering: finish()
      case .answering, .performing, .relaying, .resetting, .closed: break
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// Ends what is silent at once, and lets the rest play out.
  func drain() {
    isDraining = true
    switch state {
    case .reading, .holding, .lingering: finish()
    case .answering, .performing, .relaying, .resetting, .closed: break
    }
  }

  /// Ends whatever is going on.
  func abort() {
    close(.drain)
    context?.close(promise: nil)
  }

  // MARK: Reading

  func read(context: ChannelHandlerContext) {
    if holdsReading { readIsHeld = true } else { context.read() }
  }

  /// Whether nothing more is read for now: there is a request to answer first, or an answer is under way
  /// behind which the connection closes, where what comes is no request of ours, as behind an upgrade.
  private var holdsReading: Bool {
    switch state {
    case .reading: false
    case .performing, .relaying: parser.hasBytes || closesAfterAnswer
    default: parser.hasBytes
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    parser.feed(unwrapInboundIn(data))
    readOn()
  }

  /// Takes up what came, be it just now or while the answer before went out.
  ///
  /// An answer that ends at once comes back here; the loop that is running takes the next request up
  /// then, so that the stack does not grow with the requests that a client pipelines.
  private func readOn() {
    guard !isReadingOn else { return }
    isReadingOn = true
    defer { isReadingOn = false }
    do {
      while case .reading = state, let part = try parser.next() { take(part) }
    } catch {
      return refuse(error)
    }
    if case .reading = state, inputIsClosed { return readLast() }
    releaseRead()
  }

  /// Ends a connection on which the client sends no more.
  private func readLast() {
    guard parser.isInside else { return finish() }
    refuse(.invalid("the client ended it before it was whole"))
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
      begin(shared.answerer.respond(to: request), arrival: arrival)
    }
  }

  private func refuse(_ error: RequestSyntaxError) {
    switch error {
    case .headTooLarge: refuse(assembly.headTooLarge)
    case .invalid(let why):
      refuse(
        DeckRefusal(status: 400, "this is no HTTP/1.1 request: \(why)", closes: true))
    }
  }

  /// Answers with an error after which the connection cannot go on.
  private func refuse(_ refusal: DeckRefusal) {
    begin(
      shared.answerer.refuse(refusal, target: assembly.target, to: ClientTraits(closes: true)))
  }

  // MARK: Performing

  /// Begins to answer a request that came whole at a time, or now.
  func begin(_ response: Response, arrival: NIODeadline? = nil) {
    switch response {
    case .answer(let answer): begin(answer, arrival: arrival)
    case .forward(let order): begin(order)
    }
  }

  /// Begins to perform a plan, whose times count from the arrival of the request's end, or from now.
  func begin(_ answer: Answer, arrival: NIODeadline? = nil) {
    closesAfterAnswer = answer.plan.plan.closesConnection
    if closesAfterAnswer { parser.stop() }
    let now = NIODeadline.now()
    open(answer.plan, number: answer.number)
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
      writeLast(step.wire, of: plan.wire, plan.plan.ending, to: context)
    } else if !step.wire.isEmpty {
      output.write(step.wire, of: plan.wire, to: context)
    }
    // A write that finds the client gone closes the channel before it returns.
    guard case .performing = state else { return nil }
    return step.isLast ? end(plan.plan.ending) : performance?.deadline
  }

  /// Ends the answer as its plan says.
  func end(_ ending: Plan.Ending) -> NIODeadline? {
    performance = nil
    if let ended = ended(ending) { close(ended) }
    switch ending {
    case .complete where closesAfterAnswer || isDraining: return sendFIN()
    case .complete where inputIsClosed && !parser.hasBytes: return sendFIN()
    case .complete:
      state = .reading
      idleSince = .now()
      readOn()
      return nil
    case .disconnect: return sendFIN()
    case .hang where isDraining || inputIsClosed: return sendFIN()
    case .hang:
      state = .holding
      // So that it is noticed when the client leaves.
      parser.stop()
      releaseRead()
      return nil
    case .reset:
      let now = NIODeadline.now()
      state = .resetting(until: now + shared.resetPatience, undelivered: .max)
      return reset(at: now)
    }
  }

  /// Reads on, where reading was held and need not be any more.
  func releaseRead() {
    guard readIsHeld, !holdsReading else { return }
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
    case (.plan, .reading), (.plan, .answering), (.plan, .relaying), (.plan, .holding): return nil
    case (.idle, .reading) where now - idleSince >= shared.idleTime:
      // Lingering has a chain of wakes of its own.
      finish()
      return nil
    case (.idle, .reading): return idleSince + shared.idleTime
    case (.idle, _): return now + shared.idleTime
    }
  }
}
