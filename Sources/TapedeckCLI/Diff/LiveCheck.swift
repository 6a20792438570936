import Cassettes
import Comparing
import Libc
import Recorder
import Redaction

/// Asks a provider again what a cassette has recorded, and compares what it says today.
struct LiveCheck {
  /// What is sent, in order.
  let requests: [RepeatedRequest]

  /// What is covered in what comes.
  let redaction: RedactionRules

  /// Where the new recordings are kept; nil for nowhere.
  let output: String?

  /// Whether one exchange was asked for by its number.
  private let isChosen: Bool

  /// Prepares the requests of a cassette, so that none is sent where another could not be.
  ///
  /// - Throws: where there is nothing to ask, or something is missing.
  init(
    _ exchanges: [(number: Int, exchange: Exchange)], of side: DiffSide, redaction: RedactionRules,
    output: String?, make: (Exchange, Int) throws -> RepeatedRequest
  ) throws {
    (self.redaction, self.output) = (redaction, output)
    guard !exchanges.isEmpty else {
      throw Failure(.badData, "\(side.file): there is no exchange to ask for again")
    }
    isChosen = side.wanted != nil
    if let output, access(output, F_OK) == 0 {
      throw Failure(.usage, "\(output) exists: choose another name")
    }
    requests = try exchanges.map { try make($0.exchange, $0.number) }
  }

  /// Sends the requests, one after the other and each once, and compares.
  ///
  /// - Throws: where the provider cannot be reached.
  func run(into report: inout DiffReport, by rules: DiffRules) async throws {
    let recorder = try StreamRecorder()
    defer { recorder.shutdown() }
    for live in requests {
      if !live.isLocal { Console.note(live.words) }
      var answer = try await ask(live, recorder)
      if answer.ending.how == .unreachable {
        throw Failure(
          .unavailable,
          "\(Redactor.redact(url: live.request.url)): no answer: "
            + "\(answer.ending.detail ?? "unreachable")")
      }
      if !isChosen, !live.exchange.isAnswer, answer.isAnswer {
        // That a server has recovered is no drift.
        Console.warn(
          "exchange \(live.number) is a failure (\(Self.outcome(of: live.exchange))), and the server "
            + "answers today: they are not compared")
        continue
      }
      warn(of: answer, to: live)
      // It is the recorded request, sent elsewhere or with another key.
      answer.request = live.exchange.request
      let comparison = ExchangeComparison(
        ExchangeReading(of: live.exchange), ExchangeReading(of: answer), by: rules)
      report.pairs.append(
        DiffReport.Pair(
          was: live.number, now: nil, request: live.exchange.request, comparison: comparison))
    }
  }

  private static func outcome(of exchange: Exchange) -> String {
    guard let head = exchange.head, exchange.ending.how == .complete else {
      return exchange.ending.how.rawValue
    }
    return "status \(head.status)"
  }

  private func ask(_ live: RepeatedRequest, _ recorder: StreamRecorder) async throws -> Exchange {
    guard let output else {
      var request = live.request
      request.options.redaction = redaction
      return try await Recording.run(inMemory: request, recorder: recorder)
    }
    return try await Recording.run(live.request, to: output, recorder: recorder, rules: redaction)
  }

  /// Says what a provider that refuses says.
  private func warn(of answer: Exchange, to live: RepeatedRequest) {
    guard let status = answer.head?.status, status >= 400,
      status != live.exchange.head?.status
    else { return }
    let words = TextForm.excerpt(
      String(decoding: answer.body.prefix(2000), as: UTF8.self), limit: 300)
    let advice =
      status == 401 || status == 403 ? " (credentials are given with -H 'name: value')" : ""
    Console.warn("exchange \(live.number): the server answers \(status)\(advice): \(words)")
  }
}
