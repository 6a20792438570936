internal import Loading
internal import Synchronization

/// What one loop tells of itself while it runs, taken by whoever shows it.
final class LoopReport: Sendable {
  /// What was told since it was last taken.
  struct State {
    var records: [StreamRecord] = []
    /// The TTFT of streams that began to answer.
    var firstContents: [Int64] = []
    var begun = 0
    var ended = 0
    var errors = 0
    var events = 0
  }

  /// How many times are kept between two looks: enough for a percentile.
  static let sampleLimit = 4096

  private let state = Mutex(State())

  /// Adds what has happened.
  func add(_ more: inout State) {
    state.withLock { state in
      state.records.append(contentsOf: more.records)
      let room = max(0, Self.sampleLimit - state.firstContents.count)
      state.firstContents.append(contentsOf: more.firstContents.prefix(room))
      state.begun += more.begun
      state.ended += more.ended
      state.errors += more.errors
      state.events += more.events
    }
    more = State()
  }

  /// Takes what has been told.
  func take() -> State {
    state.withLock { state in
      defer { state = State() }
      return state
    }
  }
}
