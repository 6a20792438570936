internal import Recorder
internal import Sockets
internal import Synchronization

/// Passing an answer on to the client while it comes from upstream.
extension Connection {
  /// Forwards a request.
  func begin(_ order: ForwardOrder) {
    guard let id, let forwarder = shared.answerer.forwarder else { return }
    shared.answerer.state.counts.withLock { $0.forwarded += 1 }
    let relay = Relay(order)
    let mailbox = shared.mailbox
    let journal = shared.answerer.state.journal
    let number = order.number
    let line = RelayLine(
      relay, to: wire.duplicate(), isClear: !wire.isPending,
      limitBytes: forwarder.configuration.pendingBytes,
      onStatus: { journal.note(number, status: $0) },
      wake: { mailbox.post { $0.scene.connections[id]?.relay() } })
    closesAfterAnswer = relay.closes
    state = .relaying(line)
    open(line, number: number, place: order.entry.conduct?.place)
    noteActive()
    do {
      line.attach(try forwarder.start(order) { line.deliver($0) })
      leaveWithClient()
    } catch {
      refuse(order, DeckRefusal(status: 400, "the request cannot be forwarded: \(error)"))
    }
  }

  /// Writes what did not go out at once.
  private func relay() {
    guard case .relaying(let line) = state else { return }
    let work = line.take()
    let bytes = 0..<work.bytes.count
    closesAfterAnswer = work.closes
    delivery?.note(wireBytes: bytes.count)
    switch work.end {
    case nil:
      if !bytes.isEmpty { write(bytes, of: work.bytes) }
      noteSent()
    case .ending(let ending):
      _ = line.abandon()
      writeLast(bytes, of: work.bytes, ending)
      guard case .relaying = state else { return }
      wake(at: end(ending))
    case .refusal(let refusal):
      _ = line.abandon()
      refuse(line.order, refusal)
    }
  }

  /// Takes note of what the client has taken, so that an upstream which waits for it goes on.
  func noteSent() {
    guard case .relaying(let line) = state, let delivery else { return }
    let queued = wire.queuedBytes
    line.note(sentBytes: delivery.wireBytes - queued, queuedBytes: queued)
  }

  /// Leaves the answer to whoever records it: its client is gone.
  func abandonRelay() {
    guard case .relaying(let line) = state, let control = line.abandon() else { return }
    shared.answerer.forwarder?.clientLeft(control)
  }

  private func refuse(_ order: ForwardOrder, _ refusal: DeckRefusal) {
    forgetDelivery()
    begin(shared.answerer.refuse(refusal, order))
  }
}
