internal import Cassettes
package import Judging
internal import LosslessJSON
internal import Planning

/// What `torture --json` writes: counts, and a result for each case.
///
/// ```
/// {"cases":2,"wrong":1,"left_out":0,"results":[{"case":"cut/end/event-12",…}],"clients":[…]}
/// ```
///
/// The times of a timeline are microseconds from the case's first request; marks stand as pairs in
/// one array: when, how many bytes, when, how many bytes.
package struct TortureJSON: Sendable {
  /// The most marks of a lane: more than a page has columns for.
  package static let markLimit = 240

  /// A known failure that no longer fails.
  package struct Stale: Sendable {
    private let cases: String
    private let verdict: String

    /// Creates one of the glob of its cases, and of the verdict that they no longer get.
    package init(cases: String, verdict: String) {
      self.cases = cases
      self.verdict = verdict
    }

    fileprivate var json: JSONValue {
      .object([.init("case", .string(cases)), .init("verdict", .string(verdict))])
    }
  }

  private let reports: [TortureReport]
  private let isKnown: @Sendable (CaseResult) -> Bool
  private let stale: [Stale]

  /// Creates the text of one run, or of several clients' runs.
  ///
  /// - Parameters:
  ///   - reports: The runs.
  ///   - isKnown: Whether a wrong result is that of a known failure.
  ///   - stale: The known failures that no longer fail.
  package init(
    _ reports: [TortureReport], isKnown: @escaping @Sendable (CaseResult) -> Bool = { _ in false },
    stale: [Stale] = []
  ) {
    self.reports = reports
    self.isKnown = isKnown
    self.stale = stale
  }

  /// The JSON text, with a line end behind it.
  package var bytes: [UInt8] {
    func sum(_ count: (TortureReport) -> Int) -> JSONValue {
      .number(reports.reduce(0) { $0 + count($1) })
    }
    let front = JSONValue.object([
      .init("cases", sum(\.results.count)), .init("wrong", sum(\.wrong.count)),
      .init("left_out", sum(\.leftOut)),
    ])
    var bytes = Array(front.bytes.dropLast()) + Array(",\"results\":[".utf8)
    var isFirst = true
    for report in reports {
      for result in report.results {
        bytes += isFirst ? "\n".utf8 : ",\n".utf8
        isFirst = false
        let client = reports.count > 1 ? report.client : nil
        json(of: result, client: client).append(to: &bytes)
      }
    }
    bytes += "\n],\"clients\":".utf8
    JSONValue.array(reports.map(Self.json)).append(to: &bytes)
    if !stale.isEmpty {
      bytes += ",\"stale\":".utf8
      JSONValue.array(stale.map(\.json)).append(to: &bytes)
    }
    return bytes + Array("}\n".utf8)
  }

  private static func json(of report: TortureReport) -> JSONValue {
    .object([
      .init("client", .string(report.client)), .init("cases", .number(report.results.count)),
      .init("wrong", .number(report.wrong.count)), .init("left_out", .number(report.leftOut)),
      .init("took_us", .number(report.took.count)), .init("version", .string(report.version)),
    ])
  }

  private func json(of result: CaseResult, client: String?) -> JSONValue {
    let members: [JSONValue.Member] = [
      .init("case", .string(result.id)), .init("fault", .string(result.fault)),
      .init("expect", .string(result.expect.rawValue)),
      .init("verdict", .string(result.judgement.content.rawValue)),
      .init("conduct", .string(result.judgement.conduct.rawValue)),
      .init("attempts", .number(result.attempts)),
      .init("exit", result.exit.map { .number($0) } ?? .null),
      .init("evidence", .string(result.evidence)),
      .init("reproduce", .string(result.reproduce)),
      .init("title", .string(result.title)), .init("clause", .string(result.clause)),
      .init("cassette", .string(result.cassette)), .init("exchange", .number(result.exchange)),
      .init("expectation", .string(result.expectation)),
      .init("conduct_evidence", .string(result.judgement.conductEvidence)),
      .init("timeline", Self.json(of: result.timeline)),
    ]
    let known: [JSONValue.Member] =
      result.judgement.isWrong && isKnown(result) ? [.init("known", .bool(true))] : []
    return .object(members + known + (client.map { [.init("client", .string($0))] } ?? []))
  }

  private static func json(of timeline: CaseTimeline) -> JSONValue {
    .object([
      .init("end_us", .number(timeline.end.count)),
      .init("delivered", json(of: timeline.delivered)),
      .init("attempts", .array(timeline.lanes.map(json))),
    ])
  }

  private static func json(of lane: CaseTimeline.Lane) -> JSONValue {
    let attempt = lane.attempt
    return .object([
      .init("number", .number(attempt.number)), .init("asked_us", .number(attempt.asked.count)),
      .init("over_us", number(attempt.over?.count)),
      .init("stayed_us", number(attempt.stayed?.count)),
      .init("status", number(attempt.status)),
      .init("retry_after_us", number(attempt.retryAfter?.count)),
      .init("should_retry", attempt.shouldRetry.map(JSONValue.bool) ?? .null),
      .init("events", .number(attempt.events)), .init("bytes", .number(attempt.bytes)),
      .init("ended", attempt.ended.map(JSONValue.string) ?? .null),
      .init("planned", json(of: lane.planned)), .init("sent", json(of: lane.sent)),
      .init(
        "faults",
        .array(
          lane.faults.map { fault in
            .object([
              .init("at_us", .number(fault.at.count)), .init("byte", number(fault.byte)),
              .init("fault", .string(fault.fault)),
            ])
          })),
      .init("excerpt", .string(Hexadecimal.text(of: lane.excerpt))),
      .init("excerpt_place", .number(lane.excerptPlace)),
    ])
  }

  private static func json(of marks: [CaseTimeline.Mark]) -> JSONValue {
    .array(
      marks.thinned(to: markLimit).flatMap { [.number($0.at.count), .number($0.bytes)] })
  }

  private static func number(_ value: (some BinaryInteger)?) -> JSONValue {
    value.map { .number($0) } ?? .null
  }
}

extension [CaseTimeline.Mark] {
  /// The marks, neighbours joined so that no more than that many stand there; each is as early as
  /// the first that is in it.
  package func thinned(to limit: Int) -> Self {
    guard count > limit, limit > 0 else { return self }
    let step = (count + limit - 1) / limit
    return stride(from: 0, to: count, by: step).map { start in
      let joined = self[start..<Swift.min(start + step, count)]
      return CaseTimeline.Mark(
        at: self[start].at, bytes: joined.reduce(0) { $0 &+ $1.bytes })
    }
  }
}
