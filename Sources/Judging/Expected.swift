package import Planning

/// What a right client does with a case, as it was written down before the client ran.
package struct Expected: Hashable, Sendable {
  /// What arrives on one attempt, and what a right client makes of it.
  package struct Step: Hashable, Sendable {
    /// What a client can know of it.
    package var outcome: Plan.Expectation.Outcome
    /// The text that arrives, as UTF-8.
    package var text: [UInt8]
    /// Why, as one clause.
    package var why: String
    /// The reason for the end of the answer that arrives, in the dialect's word.
    package var finish: String?

    /// Creates a step.
    package init(
      outcome: Plan.Expectation.Outcome, text: [UInt8], why: String, finish: String? = nil
    ) {
      self.outcome = outcome
      self.text = text
      self.why = why
      self.finish = finish
    }
  }

  /// The steps, by attempt; the last one stands for all that follow.
  package var steps: [Step]

  /// The text of the recording without any fault, as UTF-8.
  package var whole: [UInt8]

  /// Creates an expectation; without a step, nobody can tell anything.
  package init(steps: [Step], whole: [UInt8]) {
    self.steps = steps
    self.whole = whole
  }

  /// The step of an attempt, from 1, or nil where there is none.
  package func step(ofAttempt number: Int) -> Step? {
    steps.isEmpty ? nil : steps[min(max(number, 1), steps.count) - 1]
  }
}
