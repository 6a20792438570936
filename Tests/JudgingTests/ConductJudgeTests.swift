import Cassettes
import Judging
import Testing

@Suite("The verdict on the conduct")
struct ConductJudgeTests {
  /// Attempts that each come some milliseconds after the one before was over.
  private func attempts(_ pauses: [Int64], as one: Attempt) -> [Attempt] {
    var asked = Microseconds.zero
    return (0...pauses.count).map { index in
      if index > 0 { asked = asked + ms(1) + ms(pauses[index - 1]) }
      var attempt = one
      attempt.number = index + 1
      attempt.asked = asked
      attempt.over = asked + ms(1)
      return attempt
    }
  }

  private func judge(
    _ attempts: [Attempt], _ limits: ConductLimits = ConductLimits()
  ) -> Finding<ConductVerdict> {
    ConductJudge(limits: limits).finding(
      on: [ObservedRequest(name: "POST /v1/messages", attempts: attempts)])
  }

  @Test("a session without requests, and one good answer, are no offence")
  func nothing() {
    #expect(ConductJudge().finding(on: []) == Finding(.ok, ""))
    #expect(judge([Attempt(number: 1, over: ms(1), events: 5)]) == Finding(.ok, ""))
  }

  @Test(
    "a retry before the time that was asked for, less the slack, is too soon",
    arguments: [
      (Int64(1000), Int64(949), ConductVerdict.retryTooSoon), (1000, 950, .ok), (1000, 1000, .ok),
      (1000, 0, .retryTooSoon), (0, 0, .ok), (50, 0, .ok), (51, 0, .retryTooSoon),
    ])
  func tooSoon(asked: Int64, waited: Int64, verdict: ConductVerdict) {
    let refused = Attempt(number: 1, status: 429, retryAfter: ms(asked))
    #expect(judge(attempts([waited], as: refused)).verdict == verdict)
  }

  @Test("evidence has both times")
  func tooSoonEvidence() {
    let refused = Attempt(number: 1, status: 529, retryAfter: ms(1500))
    #expect(
      judge(attempts([12], as: refused)).evidence
        == "attempt 2 came 12 ms after an answer that asked to wait 1.5 s")
  }

  @Test("what a good answer says of waiting binds nobody")
  func retryAfterOfSuccess() {
    let good = Attempt(number: 1, retryAfter: ms(1000), ended: "disconnect")
    #expect(judge(attempts([1], as: good)).verdict == .ok)
  }

  @Test("a retry of what no retry can change is fatal", arguments: [400, 401, 403, 404, 413, 422])
  func fatal(status: Int) {
    var one = Attempt(number: 1, status: status)
    #expect(judge(attempts([], as: one)).verdict == .ok)
    #expect(judge(attempts([500], as: one)).verdict == .retriedFatal)
    one.shouldRetry = true
    #expect(judge(attempts([500], as: one)).verdict == .ok)
  }

  @Test("a retry of what may change is none", arguments: [408, 409, 429, 500, 502, 503, 529])
  func notFatal(status: Int) {
    var one = Attempt(number: 1, status: status)
    #expect(judge(attempts([500], as: one)).verdict == .ok)
    one.shouldRetry = false
    #expect(judge(attempts([500], as: one)).verdict == .retriedFatal)
  }

  @Test("more attempts than are enough are a storm, however they are spread")
  func tooMany() {
    let one = Attempt(number: 1, status: 529, retryAfter: .zero)
    #expect(judge(attempts(Array(repeating: 0, count: 9), as: one)).verdict == .ok)
    #expect(judge(attempts(Array(repeating: 0, count: 10), as: one)).verdict == .retryStorm)
    let strict = ConductLimits(maxAttempts: 3)
    #expect(judge(attempts([500, 1000, 2000], as: one), strict).verdict == .retryStorm)
  }

  @Test(
    "pauses that do not grow are a storm",
    arguments: [
      ([Int64(0), 0, 0], ConductVerdict.retryStorm), ([1, 3, 2], .retryStorm),
      ([0, 0], .ok), ([90, 95, 99], .retryStorm),
      ([1000, 1000, 1000, 1000], .retryStorm), ([1000, 1000, 1000], .ok),
      ([5, 10, 20], .ok), ([500, 1000, 2000], .ok), ([8, 15, 30, 60], .ok),
      // 0.5 s * 2^n up to 8 s, each up to a quarter shorter.
      ([500, 750, 1500], .ok), ([375, 750, 2000, 3000, 6000, 8000, 6100], .ok),
      // Each up to half shorter.
      ([10, 10, 20], .ok), ([500, 500, 1000, 2000], .ok),
      // Anything from 0 on.
      ([400, 100, 1500], .ok), ([450, 440, 430], .ok),
    ])
  func growth(pauses: [Int64], verdict: ConductVerdict) {
    let finding = judge(attempts(pauses, as: Attempt(number: 1, status: 529)))
    #expect(finding.verdict == verdict, "\(finding.evidence)")
  }

  @Test("exponential pauses with jitter grow, whatever is drawn", arguments: 1...200)
  func jitter(seed: UInt64) {
    // Numerical Recipes' generator is enough to spread them.
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    let pauses = (0..<8).map { attempt -> Int64 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let part = Double(state >> 33) / Double(1 << 31)
      return Int64(min(500 * Double(1 << attempt), 8000) * (1 - 0.25 * part))
    }
    for count in 1...pauses.count {
      let tried = attempts(Array(pauses.prefix(count)), as: Attempt(number: 1, status: 529))
      #expect(judge(tried).verdict == .ok)
    }
  }

  @Test("who asks the same again after a good answer does not retry")
  func repeatedQuestion() {
    let good = Attempt(number: 1, events: 8, bytes: 400)
    #expect(judge(attempts(Array(repeating: 0, count: 30), as: good)).verdict == .ok)
  }

  @Test("requests side by side are no retries")
  func sideBySide() {
    let flows = (1...20).map {
      Attempt(number: $0, over: ms(500), ended: "disconnect")
    }
    #expect(judge(flows).verdict == .ok)
  }

  @Test("a retry after a part of the answer is information, and not wrong")
  func afterContent() {
    let broken = Attempt(number: 1, events: 8, bytes: 400, ended: "reset")
    let finding = judge(attempts([100], as: broken))
    #expect(finding.verdict == .retriedAfterContent)
    #expect(finding.evidence == "tried again after 8 events of the answer to attempt 1")
    let spoiled = Attempt(number: 1, events: 8, bytes: 400, isSpoiled: true)
    #expect(judge(attempts([100], as: spoiled)).verdict == .retriedAfterContent)
    let empty = Attempt(number: 1, status: nil, ended: "reset")
    #expect(judge(attempts([100], as: empty)).verdict == .ok)
  }

  @Test("a client that leaves in the middle counts its wait from its request")
  func leaves() {
    // The deck notices 90 ms late that the client of the first has left.
    let first = Attempt(
      number: 1, over: ms(100), status: 429, retryAfter: ms(100), ended: "client")
    let second = Attempt(number: 2, asked: ms(120))
    #expect(judge([first, second]).verdict == .ok)
  }

  @Test("a client that stays connected leaves its connection open", arguments: [9_999, 10_000])
  func leftOpen(stayed: Int64) {
    let attempt = Attempt(number: 1, over: ms(1), stayed: ms(stayed), ended: "hang")
    #expect(judge([attempt]).verdict == (stayed < 10_000 ? .ok : .leftOpen))
  }

  @Test("the worst of several requests is told")
  func worst() {
    let storm = ObservedRequest(
      name: "POST /a", attempts: attempts([0, 0, 0], as: Attempt(number: 1, status: 529)))
    let fatal = ObservedRequest(
      name: "POST /b", attempts: attempts([0], as: Attempt(number: 1, status: 400)))
    let good = ObservedRequest(name: "POST /c", attempts: [Attempt(number: 1)])
    #expect(ConductJudge().finding(on: [good, storm]).verdict == .retryStorm)
    #expect(ConductJudge().finding(on: [storm, good, fatal]).verdict == .retriedFatal)
  }
}
