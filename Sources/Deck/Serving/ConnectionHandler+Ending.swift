internal import NIOCore

/// How a connection ends, so that what the client received is exact.
extension ConnectionHandler {
  /// Ends the connection behind what was written.
  func finish() {
    wake(at: sendFIN())
  }

  func sendFIN() -> NIODeadline? {
    guard let context else { return nil }
    let isFirst = if case .lingering = state { false } else { true }
    state = .lingering(until: nil)
    parser.stop()
    // The channel sends FIN behind everything that is still to be written; but where the client's came
    // before, it would close at once and drop that, so then it is closed when all is delivered.
    if isFirst, !inputIsClosed { context.close(mode: .output, promise: nil) }
    releaseRead()
    return linger(at: .now())
  }

  /// Closes the connection when the client has closed its side, or does not for a while after it has
  /// received everything; a client that reads slowly has all the time that it takes.
  func linger(at now: NIODeadline) -> NIODeadline? {
    guard case .lingering(let until) = state, let context else { return nil }
    guard undelivered(context.channel) == 0 else { return now + Self.lingerPoll }
    let deadline = until ?? now + (isDraining ? .zero : Self.lingerTime)
    guard now < deadline, !inputIsClosed else {
      context.close(promise: nil)
      return nil
    }
    state = .lingering(until: deadline)
    return deadline
  }

  /// Resets the connection once the client has acknowledged every byte, so that what it received is
  /// exact; a client that takes nothing for long gets its reset all the same.
  func reset(at now: NIODeadline) -> NIODeadline? {
    guard case .resetting(var deadline, let before) = state, let context else { return nil }
    let left = undelivered(context.channel)
    if left < before { deadline = now + shared.resetPatience }
    guard left == 0 || now >= deadline else {
      state = .resetting(until: deadline, undelivered: left)
      return now + Self.resetPoll
    }
    close(left == 0 ? .reset : .resetUnacknowledged)
    SendQueue.discardOnClose(context.channel)
    context.close(promise: nil)
    return nil
  }

  /// How many bytes the client has not acknowledged yet.
  private func undelivered(_ channel: any Channel) -> Int {
    let buffered = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    return buffered + (SendQueue.unacknowledgedBytes(of: channel) ?? 0)
  }
}
