package import Cassettes
internal import Dialects
internal import Judging
internal import Planning

/// A recording that cases are made of, read once for all of them.
package struct CaseRecording: Sendable {
  /// The cassette, as the directive `cassette` names it.
  package let cassette: String

  /// The exchange in it, from 1.
  package let number: Int

  let scene: CaseScene
  private let planner = Planner()

  /// Reads a recording.
  package init(_ exchange: Exchange, cassette: String, number: Int) {
    self.cassette = cassette
    self.number = number
    scene = CaseScene(exchange)
  }

  /// An outline with what a right client does, or nil where the recording has nothing for it.
  ///
  /// It is a pure function, so that many threads can call it at once.
  package func planned(_ outline: CaseOutline) -> TortureCase? {
    guard let faults = outline.faults else { return nil }
    var steps: [Expected.Step] = []
    var takes = Microseconds.zero
    var isEndless = false
    for attempt in 1...attempts(of: faults) {
      let options = PlanOptions(
        pace: .instant, faults: faults, attempt: attempt, demandsFaults: true)
      guard let plan = try? planner.plan(of: scene.recorded, options) else { return nil }
      steps.append(step(plan, excuse: plan.firedFaults.isEmpty ? nil : outline.excuse))
      takes = takes + (plan.actions.last?.at ?? .zero)
      isEndless = isEndless || plan.ending == .hang
    }
    return TortureCase(
      id: outline.id, title: outline.title, clause: outline.clause, cassette: cassette,
      exchange: number, faults: faults,
      expected: Expected(steps: steps, whole: scene.recorded.text),
      takes: takes, isEndless: isEndless)
  }

  /// How many attempts differ from each other: the last one stands for all that follow.
  private func attempts(of faults: [FaultSpec]) -> Int {
    let last = faults.compactMap(\.attempts.last).max() ?? 0
    return min(last, Self.attemptLimit) + 1
  }

  /// How many attempts are planned at the most.
  private static let attemptLimit = 8

  private func step(_ plan: Plan, excuse: String?) -> Expected.Step {
    let expectation = plan.expectation(for: scene.recorded)
    var step = Expected.Step(
      outcome: expectation.outcome, text: expectation.text, why: expectation.why,
      finish: expectation.stopReason)
    if let excuse, step.outcome == .benign {
      step.outcome = .breaking
      step.why = excuse
    }
    return step
  }
}
