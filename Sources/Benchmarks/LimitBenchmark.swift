internal import Libc
internal import Quotas
internal import Units

/// What the limits of a provider cost a request: finding how long its answer may be, asking,
/// writing what the head says, and settling.
struct LimitBenchmark {
  private let rounds = 7
  private let requests = 20_000
  private let keys: UInt64 = 1000

  private let body = Array(
    (#"{"model":"claude-x","stream":true,"max_tokens":1024,"messages":[{"role":"user","content":""#
      + String(repeating: "What is the answer? ", count: 20) + #""}]}"#).utf8)

  private let limits = [
    "requests=1000000/m", "input-tokens=1000000000/m", "output-tokens=1000000000/m",
    "concurrency=100000,per=all",
  ]

  /// - Throws: What a limit throws that does not parse.
  func run() throws -> String {
    let all = try median((0..<rounds).map { _ in try nanoseconds(limits) })
    let requests = try median((0..<rounds).map { _ in try nanoseconds(["requests=1000000/m"]) })
    return """
      {"benchmark":"limits","all_ns":\(all),"requests_ns":\(requests)}
      """
  }

  private func nanoseconds(_ texts: [String]) throws -> Int64 {
    var limits = ProviderLimits()
    for text in texts { try limits.add(ProviderLimit(parsing: text)) }
    var gate = ProviderGate(limits, start: Instant(nanoseconds: 0))
    let elapsed = time {
      var written = 0
      for number in 0..<requests {
        let now = Instant(nanoseconds: Int64(number) * 10_000)
        let output = AnswerBound.tokens(in: body) ?? 0
        let demand = LimitDemand(
          key: UInt64(number) % keys + 1, session: nil, input: 100, output: output)
        let (verdict, standing) = gate.ask(demand, at: now)
        let lines = LimitFields(.anthropic, standing).lines(at: now, clock: 1_795_345_200_500_000)
        written += lines.count
        guard case .admitted(let ticket) = verdict else { continue }
        written += gate.end(ticket, used: TokenUsage(input: 100, output: 200), at: now).count
      }
      return written
    }
    return elapsed.wholeNanoseconds / Int64(requests)
  }
}
