internal import Recorder
internal import Synchronization

/// What has come from upstream for one client, on its way from libcurl's thread to an event loop.
///
/// What waits for a slow client is bounded: beyond the limit the transfer is paused until the client has
/// taken all of it. (RFC 9293, 3.8.6, lets the upstream's window close then.)
final class RelayInbox: Sendable {
  private struct State {
    var events: [RecordingEvent] = []
    var isWakeDue = false
    var unsentBytes = 0
    var isPaused = false
    var control: RecordingControl?
    /// Nil once nobody takes anything more: whoever fills the inbox may go on for long.
    var wake: (@Sendable () -> Void)?
  }

  private let state: Mutex<State>
  private let limitBytes: Int

  /// Creates an inbox.
  ///
  /// - Parameters:
  ///   - limitBytes: The bytes of body that may wait.
  ///   - wake: Lets the event loop call `take` soon; called from any thread, not again before that.
  init(limitBytes: Int, wake: @escaping @Sendable () -> Void) {
    self.limitBytes = limitBytes
    state = Mutex(State(wake: wake))
  }

  /// Takes in what happened; from any thread.
  func deliver(_ events: [RecordingEvent]) {
    let wake = state.withLock { state -> (@Sendable () -> Void)? in
      guard let wake = state.wake else { return nil }
      state.events += events.filter(\.isForClients)
      state.unsentBytes += events.reduce(0) { $0 + $1.sizeBytes }
      if state.unsentBytes > limitBytes { Self.pause(&state) }
      guard !state.isWakeDue, !state.events.isEmpty else { return nil }
      state.isWakeDue = true
      return wake
    }
    wake?()
  }

  /// What has come since the last call.
  func take() -> [RecordingEvent] {
    state.withLock { state in
      state.isWakeDue = false
      defer { state.events = [] }
      return state.events
    }
  }

  /// Takes note of how much the client has not taken yet of what was taken from here.
  func note(queuedBytes: Int) {
    state.withLock { state in
      state.unsentBytes = queuedBytes + state.events.reduce(0) { $0 + $1.sizeBytes }
      guard state.isPaused, state.unsentBytes == 0 else { return }
      state.isPaused = false
      state.control?.resume()
    }
  }

  /// Connects the inbox with the transfer that fills it.
  func attach(_ control: RecordingControl) {
    state.withLock { state in
      state.control = control
      if state.isPaused { control.pause() }
    }
  }

  /// Takes nothing more, and returns the transfer where that is not over.
  func abandon() -> RecordingControl? {
    state.withLock { state in
      state.wake = nil
      state.events = []
      defer { state.control = nil }
      return state.control
    }
  }

  private static func pause(_ state: inout State) {
    guard !state.isPaused else { return }
    state.isPaused = true
    state.control?.pause()
  }
}

extension RecordingEvent {
  /// Whether a client gets to see anything of it.
  fileprivate var isForClients: Bool {
    switch self {
    case .head, .chunk, .trailers, .ended: true
    case .sent, .marker, .tick: false
    }
  }

  /// About how much memory it takes while it waits.
  fileprivate var sizeBytes: Int {
    if case .chunk(let bytes, _) = self { bytes.count + 64 } else { 0 }
  }
}
