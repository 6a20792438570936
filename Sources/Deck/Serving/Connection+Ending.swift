internal import HTTP
internal import Sockets
internal import Units

/// How a connection ends, so that what the client received is exact.
extension Connection {
  /// Ends the connection behind what was written.
  func finish() {
    wake(at: sendFIN())
  }

  func sendFIN() -> Instant? {
    guard id != nil else { return nil }
    state = .lingering(until: nil)
    parser.stop()
    wire.finish()
    readOn()
    return linger(at: .now())
  }

  /// Closes the connection when the client has closed its side, or does not for a while after it
  /// has received everything; a client that reads slowly has all the time that it takes, as long as
  /// it reads.
  func linger(at now: Instant) -> Instant? {
    guard case .lingering(let until) = state else { return nil }
    guard wire.undeliveredBytes == 0 else {
      watchWrites()
      return now + Self.lingerPoll
    }
    let deadline = until ?? now + (isDraining ? .zero : Self.lingerTime)
    guard now < deadline, !inputIsClosed else {
      leave()
      return nil
    }
    state = .lingering(until: deadline)
    return deadline
  }

  /// Resets the connection once the client has acknowledged every byte, so that what it received is
  /// exact; a client that takes nothing for long gets its reset all the same.
  func reset(at now: Instant) -> Instant? {
    guard case .resetting(var deadline, let before) = state else { return nil }
    let left = wire.undeliveredBytes
    if left < before { deadline = now + shared.resetPatience }
    guard left == 0 || now >= deadline else {
      state = .resetting(until: deadline, undelivered: left)
      return now + Self.resetPoll
    }
    close(left == 0 ? .reset : .resetUnacknowledged)
    wire.discardOnClose()
    leave()
    return nil
  }
}
