import Cassettes
import Load
import Loading
import Planning

/// What the generator can do on this machine: the same schedule, for a moment, against the
/// program's own replay without any waiting.
struct LoadSelfCheck {
  /// What it failed at.
  let failures: [String]

  /// How long it takes at the most.
  private static let time = Microseconds(saturating: 2_000_000)

  /// Loads the program's own instant replay, and says what came of it.
  static func run(
    _ aim: LoadAim, _ schedule: LoadSchedule, _ stop: LoadStop
  ) async throws -> LoadSelfCheck {
    let aim = try aim.own()
    var schedule = schedule
    schedule.duration = min(schedule.duration ?? time, time)
    schedule.warmup = .zero
    schedule.departures = Departures()
    (schedule.turns, schedule.think) = (.one, nil)
    var options = LoadOptions()
    (options.duration, options.drain) = (schedule.duration, time)
    let generation = LoadGeneration(
      aim: aim, schedule: schedule, options: options, bounds: StreamBounds(), records: nil)
    let source = try OptionValue.parsed("--self-check") { try schedule.source(of: aim.pool) }
    let summary = LoadSummary(try await generation.run(source, stop))
    let words = { (metric: LoadMetric) in
      summary.latencies[metric].map { LoadText.duration($0.p99) } ?? "-"
    }
    Console.warn(
      "self-check: \(LoadText.number(summary.achievedPerSecond)) streams/s of an instant replay; p99 "
        + "of the generator's delay \(words(.dispatch)), of TTFT \(words(.ttft)), of a whole "
        + "stream \(words(.stream))")
    var failures: [String] = []
    if let delay = summary.latencies[.dispatch]?.p99, delay > lateNanoseconds {
      failures.append("self-check: the generator cannot keep this schedule on this machine")
    }
    if summary.errors > 0 {
      failures.append("self-check: \(TextForm.count(summary.errors, "stream")) failed")
    }
    failures.forEach(Console.warn)
    return LoadSelfCheck(failures: failures)
  }

  /// From when on the generator is late whatever it measures.
  private static let lateNanoseconds: Int64 = 1_000_000
}

extension LoadSummary {
  /// What `--strict` does not let pass.
  var strictFailures: [String] {
    var failures = lateReason.map { ["the generator was late: \($0)"] } ?? []
    if streams == 0 { failures.append("nothing was measured") }
    if notSent > 0 { failures.append("\(TextForm.count(notSent, "order")) not sent") }
    return failures
  }
}
