internal import Dispatch
internal import Judging
internal import Synchronization
internal import Units

/// A client that is a function of this process: each case is a task, which is cancelled when its
/// time is up.
package struct TaskClient: TortureClient {
  /// Runs the client once: it asks below a base URL, and delivers as it goes.
  package typealias Body =
    @Sendable (_ visit: ClientVisit, _ delivery: TaskDelivery) async throws -> Void

  /// Does something in the context in which tasks are to begin: what they inherit is from there.
  package typealias Launch = @Sendable (_ begin: @escaping @Sendable () -> Void) -> Void

  private let limitBytes: Int
  private let isStopped: @Sendable () -> Bool
  private let launch: Launch
  private let body: Body

  /// How long a task may take to end once it is cancelled.
  private static let grace = DispatchTimeInterval.milliseconds(300)

  /// How often it is looked whether everything is to end.
  private static let rhythm: Int64 = 50_000_000

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - limitBytes: How much of what it delivers is kept.
  ///   - isStopped: Whether everything is to end.
  ///   - launch: Has a task begin; where it is left out, the task inherits nothing.
  ///   - body: Runs it once; where it throws, the answer has failed.
  package init(
    limitBytes: Int, isStopped: @escaping @Sendable () -> Bool = { false },
    launch: @escaping Launch = { $0() }, body: @escaping Body
  ) {
    self.limitBytes = limitBytes
    self.isStopped = isStopped
    self.launch = launch
    self.body = body
  }

  package func visit(_ visit: ClientVisit) -> ClientAccount {
    let delivery = TaskDelivery(limitBytes: limitBytes)
    let isOver = DispatchSemaphore(value: 0)
    let handle = TaskHandle()
    launch { [body] in
      handle.set(
        Task {
          do {
            try await body(visit, delivery)
            delivery.end(nil)
          } catch {
            delivery.end(error)
          }
          isOver.signal()
        })
    }
    if !waits(for: isOver, within: visit.clock) {
      // What comes from now on comes too late.
      delivery.expire()
      handle.cancel()
      _ = isOver.wait(timeout: .now() + Self.grace)
    }
    return delivery.account
  }

  /// Waits until a task has ended; false where its time is up.
  private func waits(for isOver: DispatchSemaphore, within clock: CaseClock) -> Bool {
    var clock = clock
    while true {
      let next = min(clock.waiting(), Instant.now().after(nanoseconds: Self.rhythm))
      let left = max(0, next.nanoseconds(since: .now()))
      if isOver.wait(timeout: .now() + .nanoseconds(Int(clamping: left))) == .success {
        return true
      }
      if isStopped() || Instant.now() >= clock.deadline() { return false }
    }
  }
}

/// A task that is cancelled from elsewhere, perhaps before it has begun.
private final class TaskHandle: Sendable {
  private let state = Mutex<(task: Task<Void, Never>?, isCancelled: Bool)>((nil, false))

  func set(_ task: Task<Void, Never>) {
    let isCancelled = state.withLock { state in
      state.task = task
      return state.isCancelled
    }
    if isCancelled { task.cancel() }
  }

  func cancel() {
    let task = state.withLock { state in
      state.isCancelled = true
      return state.task
    }
    task?.cancel()
  }
}

/// What a client that is a task has delivered.
package final class TaskDelivery: Sendable {
  private struct State {
    var delivered = Delivered(text: [], claim: nil)
    var marks: [(at: Instant, bytes: Int)] = []
    var end: Instant?
  }

  private let state = Mutex(State())
  private let limitBytes: Int

  /// How many pieces are remembered with their times.
  private static let markLimit = 1000

  /// How much of an error is told.
  private static let errorLength = 400

  init(limitBytes: Int) { self.limitBytes = limitBytes }

  /// Takes a piece of the text, as it is handed to whoever asked.
  package func add(_ text: String) {
    state.withLock { state in
      guard state.end == nil else { return }
      let room = limitBytes - state.delivered.text.count
      state.delivered.text += text.utf8.prefix(max(0, room))
      if text.utf8.count > room { state.delivered.isCut = true }
      guard state.marks.count < Self.markLimit else { return }
      state.marks.append((.now(), state.delivered.text.count))
    }
  }

  /// Takes the reason for the end of the answer, as it is handed on.
  package func set(finish: String) {
    state.withLock { if $0.end == nil { $0.delivered.finish = finish } }
  }

  /// Takes in that the client has come to its end, with an error or without one.
  func end(_ error: (any Error)?) {
    let words = error.map { String("\($0)".prefix(Self.errorLength)) }
    state.withLock { state in
      guard state.end == nil else { return }
      state.end = .now()
      state.delivered.claim = words == nil ? .complete : .error
      state.delivered.error = words
    }
  }

  /// Takes in that the client's time is up.
  func expire() {
    state.withLock { state in
      guard state.end == nil else { return }
      state.end = .now()
      state.delivered.end = .timedOut
    }
  }

  var account: ClientAccount {
    state.withLock { state in
      ClientAccount(
        delivered: state.delivered, marks: state.marks, end: state.end ?? .now(),
        said: Array((state.delivered.error ?? "").utf8))
    }
  }
}
