internal import Cassettes
internal import Planning
internal import Units

/// How far one stream has come with its plan: fed a time, it says what to write.
///
/// Deadlines are absolute, from the request's arrival, so lateness never adds up; and all that is
/// due at a time is one write, so a stream that fell behind catches up at once.
struct Performance {
  /// What is to be done now.
  struct Step: Equatable {
    /// The part of the wire to write, possibly empty.
    var wire: Range<Int>

    /// How long ago the first action in it was due, in nanoseconds.
    var latenessNanoseconds: Int64

    /// Whether the plan is done with it: what comes is the ending.
    var isLast: Bool
  }

  let shared: SharedPlan
  let start: Instant
  private var next = 0

  /// How far into the wire it has come.
  private(set) var written = 0

  init(_ shared: SharedPlan, start: Instant) {
    self.shared = shared
    self.start = start
  }

  /// When the next action is due, or nil where none is left.
  var deadline: Instant? {
    guard next < shared.cues.count else { return nil }
    return start.after(nanoseconds: shared.cues[next].nanoseconds)
  }

  /// Whether it has come to where the answer is held back on purpose.
  var isSilent: Bool {
    shared.plan.firedFaults.contains { $0.reach.holds(at: written) }
  }

  /// Takes every action that is due, or nil where none is.
  mutating func step(at now: Instant) -> Step? {
    guard let deadline, deadline <= now else { return nil }
    let elapsed = now.nanoseconds(since: start)
    let begin = written
    while next < shared.cues.count, shared.cues[next].nanoseconds <= elapsed {
      written = shared.cues[next].wireEnd
      next += 1
    }
    return Step(
      wire: begin..<written, latenessNanoseconds: now.nanoseconds(since: deadline),
      isLast: next == shared.cues.count)
  }
}
