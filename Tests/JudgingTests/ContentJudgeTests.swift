import Cassettes
import Judging
import Planning
import Testing

/// Cases in which the whole text is `Hello, world`, of which `Hello` arrives where it breaks.
enum Case: String, CaseIterable {
  case clean, broken, other, brokenThenClean, brokenTwice, refused, lastByte

  var expected: Expected {
    let whole = Array("Hello, world".utf8)
    let good = Expected.Step(
      outcome: .benign, text: whole, why: "the message is whole and says what was recorded",
      finish: "end_turn")
    let bad = Expected.Step(
      outcome: .breaking, text: Array("Hello".utf8), why: "the body ended before message_stop")
    let steps: [Expected.Step] =
      switch self {
      case .clean: [good]
      case .broken, .brokenTwice: [bad]
      case .other:
        [
          Expected.Step(
            outcome: .undetectable, text: Array("Hello world".utf8),
            why: "the message is whole and says something else", finish: "end_turn")
        ]
      case .brokenThenClean: [bad, good]
      case .refused: [Expected.Step(outcome: .breaking, text: [], why: "the status is 529")]
      case .lastByte:
        [Expected.Step(outcome: .breaking, text: whole, why: "the body ended before message_stop")]
      }
    return Expected(steps: steps, whole: whole)
  }

  var attempts: [Attempt] {
    switch self {
    case .brokenThenClean, .brokenTwice:
      [Attempt(number: 1, ended: "disconnect"), Attempt(number: 2)]
    case .refused: [Attempt(number: 1, status: 529, bytes: 90)]
    case .clean, .broken, .other, .lastByte: [Attempt(number: 1, over: .zero, bytes: 400)]
    }
  }

  func judge(
    _ text: String, _ end: Delivered.End = .exited(0), claim: Delivered.Claim? = nil,
    finish: String? = nil, isCut: Bool = false
  ) -> Finding<ContentVerdict> {
    ContentJudge(
      expected: expected,
      delivered: Delivered(
        text: Array(text.utf8), claim: claim, finish: finish, end: end, isCut: isCut),
      attempts: attempts
    ).finding
  }
}

@Suite("The verdict on the content")
struct ContentJudgeTests {
  @Test(
    "a client that ends well believes that its text is whole",
    arguments: [
      (Case.clean, "Hello, world", ContentVerdict.ok),
      (.clean, "Hello, world\n", .ok),
      (.clean, "Hello, world\r\n", .ok),
      (.clean, "Hello, world\n\n", .corrupted),
      (.clean, "", .silentTruncation),
      (.clean, "Hello\n", .silentTruncation),
      (.clean, "Hello; world", .corrupted),
      (.clean, "Hello, worldHello, world", .repeated),
      (.clean, "Hello, world\nHello, world\n", .repeated),
      (.broken, "Hello", .silentTruncation),
      (.broken, "Hel", .silentTruncation),
      (.broken, "", .silentTruncation),
      (.broken, "Hello, world", .ok),
      (.lastByte, "Hello, world", .ok),
      (.lastByte, "Hello", .silentTruncation),
      (.refused, "", .silentTruncation),
      (.other, "Hello world", .ok),
      (.other, "Hello, world", .ok),
      (.other, "Hello", .unknown),
      (.other, "Bye", .unknown),
      (.other, "Hello worldHello world", .repeated),
      (.brokenThenClean, "Hello, world", .recovered),
      (.brokenThenClean, "HelloHello, world", .repeated),
      (.brokenThenClean, "Hello\nHello, world\n", .repeated),
      (.brokenThenClean, "Hello", .silentTruncation),
      (.brokenTwice, "HelloHello", .repeated),
      (.brokenTwice, "HelloHel", .repeated),
      (.brokenTwice, "Hello, world", .recovered),
    ])
  func complete(of sample: Case, text: String, verdict: ContentVerdict) {
    let finding = sample.judge(text)
    #expect(finding.verdict == verdict, "\(finding.evidence)")
    #expect(!finding.evidence.isEmpty)
  }

  @Test(
    "a client that fails aloud has delivered a true beginning, or none",
    arguments: [
      (Case.broken, "Hello", ContentVerdict.reported),
      (.broken, "", .reported),
      (.broken, "\n", .reported),
      (.broken, "Hello\n", .reported),
      (.broken, "Hello, world", .reported),
      (.broken, "Hello?", .corrupted),
      (.refused, "", .reported),
      (.other, "Hello w", .reported),
      (.other, "Bye", .unknown),
      (.clean, "", .gaveUp),
      (.clean, "Hello", .gaveUp),
      (.clean, "Hello, world", .gaveUp),
      (.brokenThenClean, "Hello", .reported),
      (.brokenTwice, "HelloHello", .repeated),
    ])
  func error(of sample: Case, text: String, verdict: ContentVerdict) {
    let finding = sample.judge(text, .exited(1))
    #expect(finding.verdict == verdict, "\(finding.evidence)")
    // Who knows that it is a part fails aloud as well.
    #expect(sample.judge(text, .answered, claim: .partial).verdict == verdict)
  }

  @Test("what a client says counts before its exit code")
  func claim() {
    #expect(Case.broken.judge("Hello", .exited(0), claim: .error).verdict == .reported)
    #expect(Case.broken.judge("Hello", .exited(1), claim: .complete).verdict == .silentTruncation)
  }

  @Test("a client that says nothing is blamed only for a wrong text")
  func silence() {
    #expect(Case.broken.judge("Hello", .answered).verdict == .unknown)
    #expect(Case.clean.judge("Hello, world", .answered).verdict == .ok)
    #expect(Case.brokenTwice.judge("HelloHello", .answered).verdict == .repeated)
  }

  @Test(
    "a reason for the end that no attempt had is invented, whichever word it is told in",
    arguments: [
      (Case.broken, "Hello", "stop", ContentVerdict.invented),
      (.broken, "Hello", "COMPLETE", .invented),
      (.broken, "Hello", "error", .silentTruncation),
      (.lastByte, "Hello, world", "end_turn", .invented),
      (.clean, "Hello, world", "stop", .ok),
      (.clean, "Hello, world", "STOP", .ok),
      (.clean, "Hello, world", "max_tokens", .invented),
      (.clean, "Hello, world", "a word of its own", .ok),
      (.brokenThenClean, "Hello, world", "end_turn", .recovered),
    ])
  func finish(of sample: Case, text: String, finish: String, verdict: ContentVerdict) {
    #expect(sample.judge(text, .answered, claim: .complete, finish: finish).verdict == verdict)
  }

  @Test("who fails aloud invents nothing")
  func finishOfError() {
    #expect(Case.broken.judge("Hello", .exited(1), finish: "stop").verdict == .reported)
  }

  @Test("a signal is a crash, whatever was delivered")
  func crash() {
    #expect(Case.clean.judge("Hello, world", .signaled(11)).verdict == .crash)
  }

  @Test("output beyond what is kept never equals the text")
  func cut() {
    #expect(Case.clean.judge("Hello, world", isCut: true).verdict == .unknown)
    #expect(Case.clean.judge("Hello, worldHello", isCut: true).verdict == .repeated)
    #expect(Case.clean.judge("Hello, world!", isCut: true).verdict == .corrupted)
    #expect(Case.clean.judge("xxxxxxxxx", .signaled(13), isCut: true).verdict == .unknown)
  }

  @Test("evidence has the numbers and the reason")
  func evidence() {
    #expect(
      Case.broken.judge("Hello\n").evidence
        == "delivered 5 of 12 characters and exited with 0, though the body ended before "
        + "message_stop")
    #expect(
      Case.clean.judge("Hello; world").evidence
        == "delivered 12 characters that differ from byte 6 on from the whole 12 and exited with "
        + "0, though the message is whole and says what was recorded")
    #expect(
      Case.refused.judge("", .answered, claim: .error).evidence
        == "delivered 0 of 12 characters and said 'error': the status is 529")
  }
}
