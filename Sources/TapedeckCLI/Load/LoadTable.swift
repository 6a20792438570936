import Loading

/// What a run came to, for a person.
struct LoadTable {
  private let report: LoadReport
  private let summary: LoadSummary
  private let results: [ObjectiveResult]

  init(_ report: LoadReport, _ summary: LoadSummary, _ results: [ObjectiveResult]) {
    self.report = report
    self.summary = summary
    self.results = results
  }

  /// The metrics that a person looks at, with the words for them.
  static let metrics: [(metric: LoadMetric, words: String)] = [
    (.dispatch, "generator's delay"), (.ttfb, "first byte"), (.ttft, "first content (TTFT)"),
    (.ttftSent, "  from the send"), (.second, "second content"), (.gap, "gaps, pooled"),
    (.gapMean, "mean gap of a stream"), (.tpot, "time per output token"),
    (.longestGap, "longest gap"), (.stream, "whole stream"), (.late, "behind the recording"),
    (.broken, "broken stream"),
  ]

  /// Prints it.
  func show(on terminal: Terminal) {
    Console.print(terminal.styled(headline, .bold))
    Console.print(terminal.wrapped(rates, indent: 2).joined(separator: "\n"))
    for line in [missing, outcomes, unsent, verified].compactMap(\.self) {
      print(line, on: terminal)
    }
    Console.print("")
    latencies.write(on: terminal, to: Console.print)
    if !results.isEmpty { Console.print("") }
    for result in results {
      Console.print(terminal.styled("\(result)", result.held ? .green : .red))
    }
    if !report.isOpen {
      print(
        "\(report.arrivals) waits for its own streams: a pause of the server does not show in "
          + "these latencies (coordinated omission); an open loop like constant:50/s shows it",
        on: terminal)
    }
  }

  private func print(_ line: String, on terminal: Terminal) {
    for part in terminal.wrapped(line, indent: 2) { Console.print(part) }
  }

  private var headline: String {
    let shard = report.shard.flatMap { $0.count > 1 ? ", shard \($0.number)/\($0.count)" : nil }
    return "\(report.target): \(report.arrivals), seed \(report.seed)\(shard ?? "")"
  }

  private var rates: String {
    let asked = summary.requestedPerSecond.map { " of \(LoadText.number($0))/s asked for" } ?? ""
    return "\(TextForm.count(summary.streams, "stream")) in \(LoadText.duration(report.took)): "
      + "\(LoadText.number(summary.achievedPerSecond))/s\(asked), "
      + "\(LoadText.number(summary.eventsPerSecond)) events/s, goodput "
      + "\(LoadText.number(summary.goodputPerSecond))/s"
  }

  private var missing: String? {
    guard !report.missingShards.isEmpty else { return nil }
    let numbers = report.missingShards.prefix(10).map(String.init).joined(separator: ", ")
    let others = report.missingShards.count > 10 ? ", …" : ""
    return "incomplete: \(TextForm.count(report.missingShards.count, "shard")) missing "
      + "(\(numbers)\(others))"
  }

  private var outcomes: String? {
    let parts = StreamOutcome.allCases.compactMap { outcome in
      summary.outcomes[outcome].map { "\(TextForm.grouped($0)) \(Self.words(of: outcome))" }
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private static func words(of outcome: StreamOutcome) -> String {
    switch outcome {
    case .whole: "whole"
    case .cut: "cut"
    case .errorEvent: "with an error event"
    case .status: "with an error status"
    case .notAStream: "not a stream"
    case .refused: "refused a connection"
    case .timeout: "timed out"
    case .cancelled: "cancelled"
    }
  }

  private var unsent: String? {
    let parts = NotSentReason.allCases.compactMap { reason in
      report.meter.notSent[reason].map { "\(TextForm.grouped($0)) \(Self.words(of: reason))" }
    }
    return parts.isEmpty ? nil : "not sent: " + parts.joined(separator: ", ")
  }

  private static func words(of reason: NotSentReason) -> String {
    switch reason {
    case .ended: "because the run was over"
    case .descriptors: "because no descriptor or port was left (raise 'ulimit -n')"
    case .tooMany: "because --max-in-flight streams were open"
    case .conversation: "because the turn before failed"
    }
  }

  private var verified: String? {
    let parts = Verification.allCases.compactMap { kind in
      report.meter.verifications[kind].map { "\(TextForm.grouped($0)) \(kind.rawValue)" }
    }
    return parts.isEmpty ? nil : "compared with the recording: " + parts.joined(separator: ", ")
  }

  private var latencies: Table {
    var table = Table(rightAligned: Set(1...7))
    table.headings = ["from the scheduled start", "p50", "p90", "p95", "p99", "p99.9", "max", "n"]
    table.rows = Self.metrics.compactMap { metric, words in
      guard let latency = summary.latencies[metric] else { return nil }
      let cells = latency.columns.map { Table.Cell(LoadText.duration($0.nanoseconds)) }
      let style: Terminal.Style? = metric == .dispatch && summary.generatorLate ? .yellow : nil
      return [.init(words, style)] + cells + [.init(TextForm.grouped(latency.count), .faint)]
    }
    return table
  }
}
