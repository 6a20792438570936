internal import Planning
internal import Recorder
internal import Sockets
internal import Synchronization

/// The way of an answer to its client while it comes from upstream.
///
/// As long as the client takes everything at once, bytes go to its socket from the thread that
/// brings them: waking the event loop for each would cost more than all the rest. What the socket
/// does not take goes through the event loop, and so does all that follows until nothing waits any
/// more; the end always does. What waits is bounded: beyond the limit the transfer is paused until
/// the client has taken it all, so that the upstream's window closes. (RFC 9293, 3.8.6)
final class RelayLine: Sendable {
  /// What the event loop is to do.
  struct Work {
    /// What it has to write.
    var bytes: [UInt8]
    /// How the answer ends behind that, or nil while it goes on.
    var end: Relay.End?
    /// Whether the connection cannot serve another request after this answer.
    var closes: Bool
  }

  private struct State: ~Copyable {
    var relay: Relay
    /// The client's socket, until the answer ends.
    var socket: DuplicateSocket?
    /// Whether nothing waits in front of what comes, here or in the channel.
    var isClear: Bool
    /// What went out past the event loop.
    var directBytes = 0
    var waiting: [UInt8] = []
    var queuedBytes = 0
    var end: Relay.End?
    var isWakeDue = false
    var isPaused = false
    var control: RecordingControl?
    /// Nil once nobody takes anything more: whoever brings bytes may go on for long.
    var wake: (@Sendable () -> Void)?
  }

  private let state: Mutex<State>
  private let limitBytes: Int
  private let onStatus: @Sendable (Int) -> Void

  /// Creates a line.
  ///
  /// - Parameters:
  ///   - relay: The answer.
  ///   - socket: The client's socket.
  ///   - isClear: Whether nothing waits in its channel.
  ///   - limitBytes: The bytes that may wait.
  ///   - onStatus: Told the status code before anything goes out, from any thread.
  ///   - wake: Lets the event loop call `take` soon; called from any thread, not again before that.
  init(
    _ relay: Relay, to socket: consuming DuplicateSocket?, isClear: Bool, limitBytes: Int,
    onStatus: @escaping @Sendable (Int) -> Void, wake: @escaping @Sendable () -> Void
  ) {
    self.limitBytes = limitBytes
    self.onStatus = onStatus
    state = Mutex(State(relay: relay, socket: socket, isClear: isClear, wake: wake))
  }

  /// What was asked.
  var order: ForwardOrder { state.withLock { $0.relay.order } }

  /// Takes in what happened; from any thread.
  func deliver(_ events: [RecordingEvent]) {
    let wake = state.withLock { state -> (@Sendable () -> Void)? in
      guard state.wake != nil else { return nil }
      let hadStatus = state.relay.status != nil
      let step = state.relay.take(events)
      if !hadStatus, let status = state.relay.status { onStatus(status) }
      send(step.bytes, &state, isLast: step.end != nil)
      if let end = step.end {
        state.end = end
        // While it is there, the connection could not end.
        state.socket = nil
      }
      guard !state.isWakeDue, state.end != nil || !state.waiting.isEmpty else { return nil }
      state.isWakeDue = true
      return state.wake
    }
    wake?()
  }

  private func send(_ bytes: [UInt8], _ state: inout State, isLast: Bool) {
    guard !bytes.isEmpty else { return }
    var sent = 0
    if state.isClear, !isLast {
      sent = state.socket?.send(bytes) ?? 0
      state.directBytes += sent
    }
    guard sent < bytes.count else { return state.relay.noteAllSent() }
    state.isClear = false
    state.waiting += bytes[sent...]
    guard state.waiting.count + state.queuedBytes > limitBytes, !state.isPaused else { return }
    state.isPaused = true
    state.control?.pause()
  }

  /// What has come for the event loop since the last call.
  func take() -> Work {
    state.withLock { state in
      state.isWakeDue = false
      defer { state.waiting = [] }
      return Work(bytes: state.waiting, end: state.end, closes: state.relay.closes)
    }
  }

  /// Takes note of how much of what the event loop wrote the client has taken.
  func note(sentBytes: Int, queuedBytes: Int) {
    state.withLock { state in
      state.queuedBytes = queuedBytes
      state.relay.note(sentWireBytes: state.directBytes + sentBytes)
      guard queuedBytes == 0, state.waiting.isEmpty else { return }
      state.isClear = true
      guard state.isPaused else { return }
      state.isPaused = false
      state.control?.resume()
    }
  }

  /// Connects the line with the transfer that fills it.
  func attach(_ control: RecordingControl) {
    state.withLock { state in
      state.control = control
      if state.isPaused { control.pause() }
    }
  }

  /// Takes nothing more, and returns the transfer.
  func abandon() -> RecordingControl? {
    state.withLock { state in
      state.wake = nil
      state.waiting = []
      state.socket = nil
      return state.control.take()
    }
  }
}

extension RelayLine: Deliverable {
  var faults: [FiredFault] { [] }

  var head: AnswerHead { state.withLock { $0.relay.head } }

  func delivered(wireBytes: Int) -> (bytes: Int, events: Int) {
    state.withLock { $0.relay.delivered(wireBytes: $0.directBytes + wireBytes) }
  }
}
