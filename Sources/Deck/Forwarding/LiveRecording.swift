internal import Cassettes
internal import Matching
internal import Recorder
internal import Redaction
internal import Synchronization

/// Records one forwarded exchange while it goes on: events in, a spool on disk, an exchange at the
/// end.
///
/// Used on one queue, since it writes files; what fails there costs the recording and never the
/// client.
final class LiveRecording: Sendable {
  /// What is known of the recording now.
  enum Progress: Sendable {
    /// It goes on.
    case recording
    /// It is whole in memory, and is to be written to its cassette with `commit`.
    case finished(Exchange)
    /// It is over; nothing comes of what follows.
    case over
  }

  private struct State: ~Copyable {
    var feeder: SpoolFeeder?
    var room: BodyRoom
    var content = ContentDecoding()
    var isOver = false
    var finished: Exchange?
    var latest = Microseconds.zero
  }

  /// What has come, and may not have been taken in yet.
  private struct Ahead {
    var events = PendingEvents()
    var bytes = 0
    var isOver = false
    /// Whether something came that is not to wait, and `takeIn` has been asked for.
    var isDue = false
    /// Whether the client has its end.
    var isEnded = false
  }

  /// What is recorded.
  let order: ForwardOrder

  /// The cassette.
  let path: String
  private let limits: RecordingOptions
  private let state: Mutex<State>
  private let ahead = Mutex(Ahead())

  init(_ order: ForwardOrder, path: String, limits: RecordingOptions, rules: RedactionRules) {
    self.order = order
    self.path = path
    self.limits = limits
    let feeder = SpoolFeeder(target: path, request: order.recorded, rules: rules)
    state = Mutex(State(feeder: feeder, room: BodyRoom(limits)))
  }

  /// Takes events as they come, from any thread, and returns whether `takeIn` has become due: where
  /// it was before, it has been asked for.
  ///
  /// Chunks wait for the next tick, a quarter of a second at the most: a file is not written for
  /// each. Files are slower than sockets, and an answer far beyond the limit of bytes would wait
  /// for them in memory, so what is surely beyond it goes no further than here.
  func add(_ events: [RecordingEvent]) -> Bool {
    ahead.withLock { ahead in
      let wasDue = ahead.isDue
      for event in events where !ahead.isOver {
        ahead.events.append(event)
        guard case .chunk(let bytes, let time) = event else {
          ahead.isDue = true
          continue
        }
        ahead.bytes += bytes.count
        guard ahead.bytes - Self.slackBytes > limits.maxBytes else { continue }
        ahead.isOver = true
        ahead.isDue = true
        let ending = exceeded(BodyRoom(limits).bytesLimit, at: time)
        ahead.events.append(.ended(ending, failure: nil))
      }
      return ahead.isDue && !wasDue
    }
  }

  /// Whether the client may have its end now; true once.
  func mayEnd() -> Bool {
    ahead.withLock { ahead in
      defer { ahead.isEnded = true }
      return !ahead.isEnded
    }
  }

  /// By how much a body in a content coding may be larger than what it stands for.
  private static let slackBytes = 1 << 20

  private func exceeded(_ limit: String, at time: Microseconds) -> Ending {
    Ending(how: .cancelled, detail: "\(limit) was reached; the client got the rest", at: time)
  }

  /// Takes in what was added.
  ///
  /// - Throws: Why the recording is lost; what had come stays in a spool beside the cassette where
  ///   that could be written.
  func takeIn() throws(CassetteError) -> Progress {
    let events = ahead.withLock { ahead in
      ahead.isDue = false
      defer { ahead.events = PendingEvents() }
      return ahead.events
    }
    return try state.withLock { (state) throws(CassetteError) in
      for event in events {
        guard !state.isOver else { return .over }
        do throws(CassetteError) {
          for event in state.content.take(event) where !state.isOver { try take(event, &state) }
          if let failure = state.content.failure, !state.isOver {
            let ending = Ending(how: .malformed, detail: failure.description, at: state.latest)
            try end(ending, &state)
          }
        } catch {
          state.isOver = true
          state.feeder = nil
          throw error
        }
        if let exchange = state.finished.take() { return .finished(exchange) }
      }
      return state.isOver ? .over : .recording
    }
  }

  /// Writes the finished exchange to its cassette.
  ///
  /// - Throws: Why it could not be; the spool stays, and the error names it.
  func commit() throws(CassetteError) {
    try state.withLock { (state) throws(CassetteError) in
      defer { state.feeder = nil }
      try state.feeder?.commit(insteadOf: order.superseded.map(\.exchange))
    }
  }

  private func take(_ event: RecordingEvent, _ state: inout State) throws(CassetteError) {
    switch event {
    case .ended(let ending, _): try end(ending, &state)
    case .chunk(let bytes, let time):
      let (taken, limit) = state.room.take(bytes)
      state.latest = time
      if !taken.isEmpty { _ = try state.feeder?.take(.chunk(taken, at: time)) }
      if let limit { try end(exceeded(limit, at: time), &state) }
    case .sent, .head, .trailers, .marker, .tick: _ = try state.feeder?.take(event)
    }
  }

  private func end(_ ending: Ending, _ state: inout State) throws(CassetteError) {
    state.isOver = true
    state.finished = try state.feeder?.take(.ended(ending, failure: nil))
  }
}
