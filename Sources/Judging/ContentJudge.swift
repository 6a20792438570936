package import Cassettes
internal import Planning

/// Judges what a client delivered, beside what it could know.
///
/// A client is blamed only for what no right client does: what nobody can tell is `unknown`.
///
/// ```
/// a signal        crash            no end in time        hang
/// says complete   the whole text   ok, recovered         with an end that never came   invented
///                 its beginning    silent-truncation     text behind text              repeated
///                 another text     corrupted             of an answer that looks whole unknown
/// says it failed  a beginning      reported              nothing was wrong             gave-up
///                 text behind text repeated              another text                  corrupted
/// ```
package struct ContentJudge: Sendable {
  /// What arrived on one attempt.
  struct Arrival: Sendable {
    var number: Int
    var step: Expected.Step
  }

  let expected: Expected
  let delivered: Delivered
  let attempts: [Attempt]
  let end: Microseconds?
  let wasTurnedAway: Bool
  let text: DeliveredText
  let arrivals: [Arrival]

  /// Creates a judge of one case.
  ///
  /// - Parameters:
  ///   - expected: what a right client does, written down before.
  ///   - delivered: what the client said, and how it ended.
  ///   - attempts: its attempts, in the order in which they came.
  ///   - end: when it was ended, from its first request; nil where that is not known.
  ///   - wasTurnedAway: whether it asked something that got no answer of a recording.
  package init(
    expected: Expected, delivered: Delivered, attempts: [Attempt], end: Microseconds? = nil,
    wasTurnedAway: Bool = false
  ) {
    self.wasTurnedAway = wasTurnedAway
    self.expected = expected
    self.delivered = delivered
    self.attempts = attempts
    self.end = end
    text = DeliveredText(delivered)
    arrivals = attempts.compactMap { attempt in
      expected.step(ofAttempt: attempt.number).map {
        Arrival(number: attempt.number, step: $0.asAnswered(attempt))
      }
    }
  }

  /// What becomes of the content.
  package var finding: Finding<ContentVerdict> {
    if case .signaled(let signal) = delivered.end, !isOfClosedOutput(signal) {
      return Finding(.crash, "\(told) and was ended by signal \(signal)")
    }
    if case .timedOut = delivered.end { return findingInTime }
    guard let last = arrivals.last else {
      // Who says that all is well has to have asked.
      let isUnasked = attempts.isEmpty && !wasTurnedAway
      if claim == .complete, isUnasked, !text.equals(expected.whole) {
        return Finding(.silentTruncation, "\(told) and \(ending), without having asked")
      }
      return Finding(.unknown, "\(told) and \(ending), without a request that was answered")
    }
    switch claim {
    case .complete: return findingOfComplete(last)
    case .partial, .error: return findingOfError(last)
    case nil: return findingOfSilence(last)
    }
  }

  /// What the client believes: what it says, else what its exit code says.
  var claim: Delivered.Claim? {
    if let claim = delivered.claim { return claim }
    guard case .exited(let code) = delivered.end else { return nil }
    return code == 0 ? .complete : .error
  }

  /// A client that printed more than is kept may end by the signal of a closed pipe.
  private func isOfClosedOutput(_ signal: Int32) -> Bool { delivered.isCut && signal == 13 }

  /// What a client was in when its time was up: one that waits as it was told, or for an answer
  /// that goes on, does nothing wrong.
  private var findingInTime: Finding<ContentVerdict> {
    guard let last = attempts.last else { return Finding(.hang, "\(told) and \(ending)") }
    guard let over = last.over, !isEndedWithClient(last, over) else {
      return Finding(.unknown, "the answer was not over when the client's time was up")
    }
    if let wait = last.retryAfter, let end, end < over + wait {
      return Finding(
        .unknown, "the client's time was up before the \(wait.words) that it was told to wait")
    }
    if isBetweenRetries {
      return Finding(.unknown, "the client's time was up while it tried again")
    }
    return Finding(.hang, "\(told) and \(ending)\(though(arrivals.last))")
  }

  /// Whether an answer went on until the client was ended.
  private func isEndedWithClient(_ attempt: Attempt, _ over: Microseconds) -> Bool {
    attempt.ended == "client" && end.map { over + Self.noticed >= $0 } ?? true
  }

  /// How long it may take until a client is ended whose time is up, and its end is observed.
  private static let noticed = Microseconds(saturating: 2_000_000)

  /// Whether a client that tried again may be about to do so once more.
  ///
  /// The next pause is longer than the one before, twice as long as a rule; and one that gave up a
  /// silent answer gives up the next after about the same time.
  private var isBetweenRetries: Bool {
    guard attempts.count > 1, let last = attempts.last, last.hasFailed, let over = last.over,
      let end
    else { return false }
    let before = attempts[attempts.count - 2]
    let isSilent = last.ended == Self.silent
    guard !isSilent || before.ended == Self.silent else { return false }
    let pause = last.asked - (before.over ?? before.asked)
    return (end - over).count <= (isSilent ? 2 : 4) * pause.count
  }

  private static let silent = "hang"

  /// The verdict on a client that says that the answer is whole.
  private func findingOfComplete(_ last: Arrival) -> Finding<ContentVerdict> {
    if let invented = inventedFinish {
      return Finding(.invented, "\(told) and says it finished as '\(invented)'\(though(last))")
    }
    if text.equals(expected.whole) { return findingOfWhole }
    if arrivals.contains(where: { $0.step.outcome == .undetectable && text.equals($0.step.text) }) {
      return Finding(.ok, "delivered what arrived, which looks whole")
    }
    return findingOfOther(last)
  }

  /// The verdict on a client that has the whole text, and believes that it has.
  private var findingOfWhole: Finding<ContentVerdict> {
    if expected.whole.isEmpty, attempts.allSatisfy(\.isWithoutMessage) {
      return Finding(
        .silentTruncation, "delivered nothing and \(ending)\(though(arrivals.last))")
    }
    guard !expected.whole.isEmpty || arrivals.contains(where: { $0.step.outcome != .breaking })
    else {
      return Finding(
        .unknown, "the answer has no text, so its text does not show whether the client has it all")
    }
    let isRetried = arrivals.count > 1 && arrivals.first?.step.outcome == .breaking
    let isRepeated = attempts.contains { $0.number > 1 }
    guard isRetried || isRepeated else {
      return Finding(.ok, "delivered the whole text of \(expected.whole.characterCount) characters")
    }
    return Finding(
      .recovered,
      "delivered the whole text of \(expected.whole.characterCount) characters after "
        + "\(attempts.count) attempts")
  }

  /// The verdict on a text that is not the whole one, of a client that believes that it is.
  private func findingOfOther(_ last: Arrival) -> Finding<ContentVerdict> {
    if delivered.isCut, text.begins(expected.whole) {
      return Finding(.unknown, "delivered more than is kept")
    }
    if !text.begins(expected.whole), isRepeated { return findingOfRepeated }
    if last.step.outcome == .undetectable {
      return Finding(.unknown, "\(told); \(last.step.why)")
    }
    if text.begins(expected.whole) {
      return Finding(.silentTruncation, "\(told) and \(ending)\(though(last))")
    }
    return Finding(.corrupted, "\(told) and \(ending)\(though(last))")
  }

  /// The verdict on a client that says that the answer failed, or is a part.
  private func findingOfError(_ last: Arrival) -> Finding<ContentVerdict> {
    if arrivals.allSatisfy({ $0.step.outcome == .benign }) {
      return Finding(.gaveUp, "\(told) and \(ending)\(though(last))")
    }
    let texts = [expected.whole] + arrivals.map(\.step.text)
    if !delivered.isCut, texts.contains(where: text.begins) {
      return Finding(.reported, "\(told) and \(ending)\(since(last))")
    }
    if isRepeated { return findingOfRepeated }
    guard last.step.outcome != .undetectable else {
      return Finding(.unknown, "\(told); \(last.step.why)")
    }
    return Finding(.corrupted, "\(told) and \(ending)")
  }

  /// The verdict on a client that says nothing of whether the answer is whole.
  private func findingOfSilence(_ last: Arrival) -> Finding<ContentVerdict> {
    if text.equals(expected.whole), !expected.whole.isEmpty { return findingOfWhole }
    if !text.begins(expected.whole), isRepeated { return findingOfRepeated }
    return Finding(.unknown, "\(told) and does not say whether that is all")
  }

  private var isRepeated: Bool {
    text.repeats(expected.whole, arrived: arrivals.map(\.step.text))
  }

  private var findingOfRepeated: Finding<ContentVerdict> {
    Finding(.repeated, "\(told), in which text stands twice, after \(attempts.count) attempts")
  }

  /// The reason for the end that the client tells of, where no attempt had one like it.
  private var inventedFinish: String? {
    guard let finish = delivered.finish, let meaning = FinishWord(finish) else { return nil }
    let isSent = arrivals.contains { arrival in
      guard let sent = arrival.step.finish else { return false }
      return sent == finish || FinishWord(sent).map { $0 == meaning } ?? true
    }
    return isSent ? nil : finish
  }
}

extension Expected.Step {
  /// The step as an attempt was answered: a refusal is one, whatever was planned.
  fileprivate func asAnswered(_ attempt: Attempt) -> Self {
    guard outcome != .breaking, let status = attempt.status, status >= 400 else { return self }
    return Self(outcome: .breaking, text: [], why: "the status is \(status)")
  }
}

extension Attempt {
  /// Whether nothing of a message went out.
  fileprivate var isWithoutMessage: Bool { bytes == 0 || status ?? 0 >= 400 }
}
