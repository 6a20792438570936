import Cassettes
import Judging
import Planning
import Testing

/// A time in milliseconds.
func ms(_ count: Int64) -> Microseconds { Microseconds(saturating: count * 1000) }

@Suite("The verdict on the content at its borders")
struct ContentBorderTests {
  private func judge(
    _ steps: [Expected.Step], whole: String = "", _ text: [UInt8],
    _ end: Delivered.End, _ attempts: [Attempt], ended: Microseconds? = nil
  ) -> ContentVerdict {
    ContentJudge(
      expected: Expected(steps: steps, whole: Array(whole.utf8)),
      delivered: Delivered(text: text, claim: nil, end: end), attempts: attempts, end: ended
    ).finding.verdict
  }

  private func judge(
    _ steps: [Expected.Step], whole: String = "", _ text: [UInt8], _ attempts: [Attempt]
  ) -> ContentVerdict {
    judge(steps, whole: whole, text, .exited(0), attempts)
  }

  private static func step(
    _ outcome: Plan.Expectation.Outcome, _ text: String = ""
  ) -> Expected.Step {
    Expected.Step(outcome: outcome, text: Array(text.utf8), why: "so it is")
  }

  @Test("an answer without text, of tool calls only, is delivered as nothing")
  func emptyText() {
    let good = Self.step(.benign)
    let bad = Self.step(.breaking)
    #expect(judge([good], [], [Attempt(number: 1, bytes: 9)]) == .ok)
    #expect(judge([good], [10], [Attempt(number: 1, bytes: 9)]) == .ok)
    // Whether it has all arguments the text does not show.
    #expect(judge([bad], [], [Attempt(number: 1, bytes: 9)]) == .unknown)
    // Nothing can be had of a refusal.
    #expect(judge([bad], [], [Attempt(number: 1, status: 529, bytes: 9)]) == .silentTruncation)
    #expect(judge([bad], [], [Attempt(number: 1, status: nil)]) == .silentTruncation)
    let twice = [Attempt(number: 1, status: 529, bytes: 9), Attempt(number: 2, bytes: 9)]
    #expect(judge([bad, good], [], twice) == .recovered)
    #expect(judge([good], Array("?".utf8), [Attempt(number: 1, bytes: 9)]) == .corrupted)
  }

  @Test("bytes of a character that was cut are a true beginning")
  func cutCharacter() {
    let bad = Self.step(.breaking, "né")
    let half: [UInt8] = [0x6E, 0xC3]
    #expect(judge([bad], whole: "né!", half, .exited(1), [Attempt(number: 1)]) == .reported)
    let replaced = Array("n\u{FFFD}".utf8)
    #expect(judge([bad], whole: "né!", replaced, .exited(1), [Attempt(number: 1)]) == .corrupted)
  }

  @Test("a line end that is the text's own counts")
  func ownLineEnd() {
    let good = Self.step(.benign, "a\n")
    #expect(judge([good], whole: "a\n", Array("a\n".utf8), [Attempt(number: 1)]) == .ok)
    #expect(judge([good], whole: "a\n", Array("a\n\n".utf8), [Attempt(number: 1)]) == .ok)
    let stripped = judge([good], whole: "a\n", Array("a".utf8), [Attempt(number: 1)])
    #expect(stripped == .silentTruncation)
  }

  @Test("attempts beyond the last step are as it is")
  func beyondSteps() {
    let steps = [Self.step(.breaking, "a"), Self.step(.benign, "ab")]
    let attempts = (1...5).map { Attempt(number: $0) }
    #expect(judge(steps, whole: "ab", Array("ab".utf8), attempts) == .recovered)
  }

  @Test("a refusal by the deck is no benign answer")
  func refusedByDeck() {
    let missed = Attempt(number: 1, status: 404, bytes: 60)
    #expect(judge([Self.step(.benign, "ab")], whole: "ab", [], .exited(1), [missed]) == .reported)
  }

  @Test("without a request, or without an expectation, nobody can tell")
  func nothingKnown() {
    #expect(judge([Self.step(.benign, "ab")], whole: "ab", Array("ab".utf8), []) == .unknown)
    #expect(judge([], whole: "ab", [], [Attempt(number: 1)]) == .unknown)
    #expect(judge([], whole: "ab", [], .timedOut, []) == .hang)
  }

  @Test("a client that waits where nothing more comes hangs; one that waits as it is told does not")
  func timedOut() {
    let silent = Self.step(.breaking, "a")
    let waits = Attempt(number: 1, over: ms(5), ended: "hang")
    #expect(judge([silent], whole: "ab", [], .timedOut, [waits], ended: ms(10_000)) == .hang)
    let told = Attempt(number: 1, over: ms(5), status: 429, retryAfter: ms(20_000))
    #expect(judge([silent], whole: "ab", [], .timedOut, [told], ended: ms(10_000)) == .unknown)
    #expect(judge([silent], whole: "ab", [], .timedOut, [told], ended: ms(20_006)) == .hang)
  }

  @Test("a client whose time is up between retries does not hang, as long as it may try again")
  func betweenRetries() {
    let refused = [0, 510, 1520].enumerated().map { index, asked in
      Attempt(number: index + 1, asked: ms(Int64(asked)), over: ms(Int64(asked) + 10), status: 529)
    }
    func verdict(_ end: Int64) -> ContentVerdict {
      judge([Self.step(.breaking)], whole: "ab", [], .timedOut, refused, ended: ms(end))
    }
    // The last pause was 1 s.
    #expect(verdict(3600) == .unknown)
    #expect(verdict(5530) == .unknown)
    #expect(verdict(5531) == .hang)
    let once = [Attempt(number: 1, over: ms(5), status: 529)]
    let alone = judge([Self.step(.breaking)], whole: "ab", [], .timedOut, once, ended: ms(900))
    #expect(alone == .hang)
  }

  @Test("a client that gives up silent answers does not hang in the next as long as it lets them")
  func silentTwice() {
    let silent = [0, 2500].enumerated().map { index, asked in
      Attempt(
        number: index + 1, asked: ms(Int64(asked)), over: ms(Int64(asked) + 10), ended: "hang")
    }
    func verdict(_ attempts: [Attempt], _ end: Int64) -> ContentVerdict {
      judge([Self.step(.breaking)], whole: "ab", [], .timedOut, attempts, ended: ms(end))
    }
    // It gave up the first after 2.49 s.
    #expect(verdict(silent, 4000) == .unknown)
    #expect(verdict(silent, 7490) == .unknown)
    #expect(verdict(silent, 7491) == .hang)
    // What it would do with silence nobody knows where it has met it once only.
    var first = silent
    first[0].ended = "reset"
    #expect(verdict(first, 4000) == .hang)
  }

  @Test("an answer that goes on when the time is up is not the client's fault")
  func goesOn() {
    let good = Self.step(.benign, "ab")
    let flows = Attempt(number: 1, over: nil, ended: nil)
    #expect(judge([good], whole: "ab", [], .timedOut, [flows]) == .unknown)
    let killed = Attempt(number: 1, over: ms(10_001), ended: "client")
    #expect(judge([good], whole: "ab", [], .timedOut, [killed], ended: ms(10_000)) == .unknown)
    let left = Attempt(number: 1, over: ms(20), ended: "client")
    #expect(judge([good], whole: "ab", [], .timedOut, [left], ended: ms(10_000)) == .hang)
  }

  @Test("what a client posts counts before its exit, but not before a signal")
  func outcome() {
    let expected = Expected(
      steps: [Self.step(.breaking, "a")], whole: Array("ab".utf8))
    let said = Delivered(text: Array("a".utf8), claim: .error, error: "cut")
    let seen = SessionObservation(
      requests: [ObservedRequest(name: "POST /v1", attempts: [Attempt(number: 1)])], outcome: said,
      misses: 2)
    func judgement(_ end: Delivered.End) -> Judgement {
      Judgement(
        expected: expected, delivered: Delivered(text: [], claim: nil, end: end), observation: seen)
    }
    #expect(judgement(.exited(0)).content == .reported)
    #expect(judgement(.timedOut).content == .reported)
    #expect(judgement(.signaled(6)).content == .crash)
    #expect(
      judgement(.exited(0)).contentEvidence
        == "delivered 1 of 2 characters and said 'error': cut: so it is; 2 matched no exchange")
  }

  @Test("a client ends when it was observed, where nobody says it better")
  func observedEnd() {
    let told = Attempt(number: 1, over: ms(5), status: 429, retryAfter: ms(20_000))
    let seen = SessionObservation(
      requests: [ObservedRequest(name: "POST /v1", attempts: [told])], at: ms(10_000))
    func judgement(_ end: Microseconds?) -> Judgement {
      Judgement(
        expected: Expected(steps: [Self.step(.breaking)], whole: Array("ab".utf8)),
        delivered: Delivered(text: [], claim: nil, end: .timedOut), observation: seen, end: end)
    }
    #expect(judgement(nil).content == .unknown)
    #expect(judgement(ms(20_006)).content == .hang)
  }

  @Test("attempts of several requests are taken in the order in which they came")
  func order() {
    let seen = SessionObservation(requests: [
      ObservedRequest(
        name: "POST /a", attempts: [Attempt(number: 1), Attempt(number: 2, asked: ms(30))]),
      ObservedRequest(name: "POST /b", attempts: [Attempt(number: 1, asked: ms(20))]),
    ])
    #expect(seen.attempts.map(\.asked) == [.zero, ms(20), ms(30)])
  }
}
