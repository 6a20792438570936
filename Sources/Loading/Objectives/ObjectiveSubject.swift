internal import Planning

/// What an objective is about.
package enum ObjectiveSubject: Hashable, Sendable {
  /// A time, of all streams or events: `ttft.p99`.
  case latency(LoadMetric, LatencyStatistic)
  /// Streams that came whole and within their bounds: `goodput`.
  case goodput
  /// Streams that were begun: `achieved`.
  case achieved
  /// Events that came: `events`.
  case events
  /// Streams that were begun: `streams`.
  case streams
  /// Streams that count as errors: `errors`.
  case errors
  /// Orders that no request was sent for: `not_sent`.
  case notSent
  /// Streams of one outcome: `cut`.
  case outcome(StreamOutcome)

  /// The name in objectives.
  package var name: String {
    switch self {
    case .latency(let metric, let statistic): "\(metric.rawValue).\(statistic.rawValue)"
    case .goodput: "goodput"
    case .achieved: "achieved"
    case .events: "events"
    case .streams: "streams"
    case .errors: "errors"
    case .notSent: "not_sent"
    case .outcome(let outcome): outcome.rawValue
    }
  }

  /// All that are no times.
  static let plain: [ObjectiveSubject] =
    [.errors, .goodput, .achieved, .events, .streams, .notSent]
    + StreamOutcome.allCases.map { .outcome($0) }

  /// The units that its limit may have, the one that errors show first.
  var units: [ObjectiveUnit] {
    switch self {
    case .latency: [.milliseconds, .microseconds, .seconds, .minutes]
    case .goodput, .achieved: [.perSecond, .percent]
    case .events: [.perSecond]
    case .streams: [.count]
    case .errors, .notSent, .outcome: [.percent, .count]
    }
  }
}

extension ObjectiveSubject {
  /// Parses a name.
  init(parsing name: String) throws(DirectiveError) {
    if let plain = Self.plain.first(where: { $0.name == name }) {
      self = plain
      return
    }
    let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let metrics = LoadMetric.allCases.map(\.rawValue)
    guard let metric = LoadMetric(rawValue: String(parts.first ?? "")) else {
      let names = metrics + Self.plain.map(\.name)
      let meant = LoadMetric.meant(by: String(parts.first ?? ""), among: names)
      let question = meant.map { "; did you mean '\(Self.written($0, parts.dropFirst()))'?" } ?? ""
      throw DirectiveError(
        "'\(name)' is nothing that is measured\(question): there are "
          + names.joined(separator: ", "))
    }
    let statistic = parts.count == 2 ? String(parts[1]) : ""
    let known = LatencyStatistic(rawValue: statistic == "p99.9" ? "p999" : statistic)
    guard let known else {
      let names = LatencyStatistic.allCases.map(\.rawValue).joined(separator: ", ")
      throw DirectiveError(
        "'\(name)' names no statistic: write \(metric.rawValue).p99, or another of "
          + names)
    }
    self = .latency(metric, known)
  }

  /// A name that was meant, with the statistic that was written, or one where it needs one.
  private static func written(_ meant: String, _ statistic: ArraySlice<Substring>) -> String {
    guard LoadMetric(rawValue: meant) != nil else { return meant }
    return "\(meant).\(statistic.first ?? "p99")"
  }
}
