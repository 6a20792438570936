internal import Cassettes
internal import Deck
internal import Judging
internal import Matching
internal import Testing
internal import Torture

/// Judges a client that is a function of the test.
struct ClientJudge {
  /// Asks once, and delivers.
  typealias Client =
    @Sendable (_ baseURL: String, _ emit: TextDelivery) async throws -> Void

  private let cases: JudgedCases
  private let options: TortureOptions

  /// - Parameters:
  ///   - cases: What it is judged by.
  ///   - jobs: How many cases are run at a time.
  ///   - timeout: How long one of them may take from the first request.
  init(_ cases: JudgedCases, jobs: Int, timeout: Duration) {
    self.cases = cases
    var options = TortureOptions()
    options.jobs = max(1, jobs)
    options.timeout = Microseconds(timeout)
    options.words = ClientWords(
      address: "its base URL was given to it", delivered: "delivered", said: "threw")
    self.options = options
  }

  /// Runs the client through the cases, and records an issue for each kind of failure.
  ///
  /// - Throws: Where the client does not work without a fault either, and where the test is
  ///   cancelled.
  func judge(at location: SourceLocation, _ client: @escaping Client) async throws -> JudgeReport {
    let report = JudgeReport(try await run(client))
    for kind in report.kinds {
      Issue.record(Comment(rawValue: "\(kind)"), sourceLocation: location)
    }
    let unjudged = report.results.filter { $0.content == ContentVerdict.harnessError.rawValue }
    if let first = unjudged.first {
      let words =
        "\(JudgeReport.counted(unjudged.count, "case")) could not be run: \(first.name): "
        + first.evidence
      Issue.record(Comment(rawValue: words), sourceLocation: location)
    }
    return report
  }

  private func run(_ client: @escaping Client) async throws -> TortureReport {
    let stop = StopFlag()
    let launcher = Launcher()
    defer { launcher.end() }
    let library = cases.library
    let run = TortureRun(
      of: "the client of this test", on: library, options,
      makeClient: { [limit = options.textLimitBytes] in
        TaskClient(limitBytes: limit, isStopped: { stop.isSet }, launch: launcher.launch) {
          visit, delivery in
          let deck = Deck(
            baseURL: visit.baseURL, isRecording: false, running: nil, session: "",
            library: library)
          try await Deck.$running.withValue(deck) {
            try await client(visit.baseURL, TextDelivery(delivery))
          }
        }
      },
      reproduce: { _ in "" })
    let report: TortureReport
    do {
      report = try await withTaskCancellationHandler {
        try await run.run(
          plain: cases.plain, CaseOrder().spread(cases.cases), stop: stop)
      } onCancel: {
        stop.set(by: 0)
      }
    } catch let error as TortureError {
      throw TapedeckError("\(error)")
    }
    try Task.checkCancellation()
    return report
  }
}

/// Has tasks begin in a task of the test, so that what they record is the test's.
private struct Launcher: Sendable {
  private let orders: AsyncStream<@Sendable () -> Void>.Continuation

  init() {
    let (stream, orders) = AsyncStream.makeStream(of: (@Sendable () -> Void).self)
    self.orders = orders
    Task { for await begin in stream { begin() } }
  }

  /// Does something in that task.
  @Sendable
  func launch(_ begin: @escaping @Sendable () -> Void) { orders.yield(begin) }

  func end() { orders.finish() }
}
