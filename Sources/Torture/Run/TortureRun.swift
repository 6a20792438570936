internal import Cassettes
internal import Deck
package import Judging
internal import Libc
package import Matching
internal import Planning
internal import Synchronization
internal import Threads
internal import Units

/// Runs a client through cases: one deck, each case a session of its own in the base URL.
///
/// ```
/// cases ─▶ job 1 … job N ─▶ CaseRunner ─▶ client ─▶ deck
///                               └─▶ Judgement ─▶ CaseResult ─▶ TortureReport
/// ```
package struct TortureRun: Sendable {
  private let library: Library
  private let options: TortureOptions

  /// A name for the client, as reports show it.
  private let name: String

  /// Makes a client; each job has its own.
  private let makeClient: @Sendable () -> any TortureClient

  /// The command that runs a case once more.
  private let reproduce: @Sendable (TortureCase) -> String

  /// Told of each case that has ended, from any thread.
  private let onResult: @Sendable (TortureProgress) -> Void

  /// Creates a run.
  package init(
    of name: String, on library: Library, _ options: TortureOptions,
    makeClient: @escaping @Sendable () -> any TortureClient,
    reproduce: @escaping @Sendable (TortureCase) -> String,
    onResult: @escaping @Sendable (TortureProgress) -> Void = { _ in }
  ) {
    self.name = name
    self.library = library
    self.options = options
    self.makeClient = makeClient
    self.reproduce = reproduce
    self.onResult = onResult
  }

  /// Runs the cases in their order, several at a time.
  ///
  /// - Parameters:
  ///   - plain: The cases without a fault, which the client must get right before anything else.
  ///   - cases: The cases.
  ///   - stop: Whether no more cases are to begin; asked before each.
  /// - Returns: what the client did with those that were run, in the order of the cases.
  /// - Throws: `TortureError`, and what a deck throws.
  package func run(
    plain: [TortureCase], _ cases: [TortureCase], stop: StopFlag
  ) async throws -> TortureReport {
    let start = Instant.now()
    let report = try await withDeck(deckConfiguration, library) { deck in
      let runner = CaseRunner(deck: deck, library: library, options: options, reproduce: reproduce)
      try await check(plain, by: runner, stop)
      let queue = CaseQueue(cases, until: deadline(from: start), stop, onResult)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<max(1, min(options.jobs, cases.count)) {
          group.addTask { try await work(on: queue, by: runner) }
        }
        try await group.waitForAll()
      }
      return queue.report(name)
    }
    var timed = report
    timed.took = Microseconds(
      saturating: Instant.now().nanoseconds(since: start) / 1000)
    return timed
  }

  private func deadline(from start: Instant) -> Instant {
    options.budget.map { start + .microseconds($0.count) } ?? .distantFuture
  }

  private var deckConfiguration: DeckConfiguration {
    var configuration = DeckConfiguration()
    configuration.requiresSession = true
    configuration.tracesWrites = true
    // Sessions are forgotten when their case is over.
    configuration.limits.sessions = max(1000, options.jobs * 10)
    configuration.drainTimeout = Microseconds(saturating: 0)
    return configuration
  }

  /// One job: takes cases until there are none.
  private func work(on queue: CaseQueue, by runner: CaseRunner) async throws {
    let outcome = await SystemThread.run { () -> TortureError? in
      var client = makeClient()
      do throws(ClientError) {
        while let (index, torture) = queue.next() {
          queue.finish(index, try runner.run(torture, number: index, by: &client))
        }
        return nil
      } catch {
        queue.abandon()
        return .client(error)
      }
    }
    guard let outcome else {
      throw TortureError.system("the system refuses a thread: use fewer --jobs")
    }
    if let error = outcome { throw error }
  }

  /// Makes sure that the client gets right what is right.
  private func check(
    _ plain: [TortureCase], by runner: CaseRunner, _ stop: StopFlag
  ) async throws {
    let outcome = await SystemThread.run { () -> TortureError? in
      var client = makeClient()
      for (index, torture) in plain.enumerated() where !stop.isSet {
        do throws(ClientError) {
          let trial = try runner.trial(of: torture, session: "plain-\(index + 1)", by: &client)
          // One that was ended in the middle says nothing of the client.
          if !stop.isSet, let flaw = trial.harnessFlaw(runner.options.words) {
            return .harness(flaw)
          }
        } catch {
          return .client(error)
        }
      }
      return nil
    }
    if let error = outcome ?? .system("the system refuses a thread") { throw error }
  }
}

/// The cases that wait, and the results that came.
private final class CaseQueue: Sendable {
  private struct State {
    var next = 0
    var results: [CaseResult?]
    var done = 0
  }

  private let cases: [TortureCase]
  private let deadline: Instant
  private let stop: StopFlag
  private let state: Mutex<State>
  private let onResult: @Sendable (TortureProgress) -> Void

  init(
    _ cases: [TortureCase], until deadline: Instant, _ stop: StopFlag,
    _ onResult: @escaping @Sendable (TortureProgress) -> Void
  ) {
    self.cases = cases
    self.deadline = deadline
    self.stop = stop
    self.onResult = onResult
    state = Mutex(State(results: Array(repeating: nil, count: cases.count)))
  }

  /// The next case and its place, or nil where there is none, or no time for it.
  func next() -> (Int, TortureCase)? {
    guard !stop.isSet, Instant.now() < deadline else { return nil }
    return state.withLock { state in
      guard state.next < cases.count else { return nil }
      state.next += 1
      return (state.next - 1, cases[state.next - 1])
    }
  }

  /// Takes a result in.
  func finish(_ index: Int, _ result: CaseResult) {
    // One that was ended in the middle says nothing of the client.
    guard !stop.isSet else { return }
    let done = state.withLock { state in
      state.results[index] = result
      state.done += 1
      return state.done
    }
    onResult(TortureProgress(result: result, done: done, total: cases.count))
  }

  /// Lets no other job begin a case.
  func abandon() { state.withLock { $0.next = cases.count } }

  func report(_ client: String) -> TortureReport {
    let results = state.withLock { $0.results.compactMap(\.self) }
    return TortureReport(
      client: client, results: results, leftOut: cases.count - results.count)
  }
}
