internal import NIOCore
internal import Recorder

/// Passing an answer on to the client while it comes from upstream.
extension ConnectionHandler {
  /// Forwards a request.
  func begin(_ order: ForwardOrder) {
    guard let context, let forwarder = shared.answerer.forwarder else { return }
    let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
    let loop = context.eventLoop
    let inbox = RelayInbox(limitBytes: forwarder.configuration.pendingBytes) {
      loop.execute { handler.value.relay() }
    }
    let relay = Relay(order, inbox: inbox)
    closesAfterAnswer = relay.closes
    state = .relaying(relay)
    open(relay, number: order.number)
    do {
      inbox.attach(try forwarder.start(order) { inbox.deliver($0) })
    } catch {
      refuse(order, DeckRefusal(status: 400, "the request cannot be forwarded: \(error)"))
    }
  }

  /// Writes what has come.
  private func relay() {
    guard case .relaying(let relay) = state, let context else { return }
    let step = relay.take(relay.inbox.take())
    if let status = relay.status { note(status, of: relay.order) }
    closesAfterAnswer = relay.closes
    switch step {
    case .write(let bytes):
      let wire = ByteBuffer(bytes: bytes)
      delivery?.note(wireBytes: bytes.count)
      if !bytes.isEmpty { output.write(0..<bytes.count, of: wire, to: context) }
      noteSent()
    case .end(let bytes, let ending):
      _ = relay.inbox.abandon()
      delivery?.note(wireBytes: bytes.count)
      writeLast(0..<bytes.count, of: ByteBuffer(bytes: bytes), ending, to: context)
      // A write that finds the client gone closes the channel before it returns.
      guard case .relaying = state else { return }
      wake(at: end(ending))
    case .refuse(let refusal): refuse(relay.order, refusal)
    }
  }

  /// Takes note of what the client has taken, so that an upstream which waits for it goes on.
  func noteSent() {
    guard case .relaying(let relay) = state, let delivery else { return }
    relay.note(sentWireBytes: delivery.wireBytes - output.queuedBytes)
    relay.inbox.note(queuedBytes: output.queuedBytes)
  }

  /// Leaves the answer to whoever records it: its client is gone.
  func abandonRelay() {
    guard case .relaying(let relay) = state, let control = relay.inbox.abandon() else { return }
    shared.answerer.forwarder?.clientLeft(control)
  }

  private func refuse(_ order: ForwardOrder, _ refusal: DeckRefusal) {
    delivery = nil
    begin(shared.answerer.refuse(refusal, order))
  }

  private func note(_ status: Int, of order: ForwardOrder) {
    guard let delivery, delivery.wireBytes == 0 else { return }
    shared.answerer.state.journal.note(order.number, status: status)
  }
}
