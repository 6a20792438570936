internal import Cassettes
internal import Planning
internal import Quotas
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
  private var start: Instant
  /// The time of the plan at `start`.
  private var origin: Int64 = 0
  /// How many other answers there were when it was last looked.
  private var others = 0
  private let slowdown: Slowdown?
  private var next = 0

  /// How far into the wire it has come.
  private(set) var written = 0

  /// - Parameters:
  ///   - shared: The plan.
  ///   - start: When its time begins.
  ///   - slowdown: How its gaps stretch beside other answers.
  ///   - others: How many of those there are.
  init(_ shared: SharedPlan, start: Instant, slowdown: Slowdown? = nil, beside others: Int = 0) {
    self.shared = shared
    self.start = start
    self.slowdown = slowdown
    self.others = others
  }

  /// When the next action is due, or nil where none is left.
  var deadline: Instant? {
    guard next < shared.cues.count else { return nil }
    let gap = shared.cues[next].nanoseconds - origin
    return start.after(nanoseconds: slowdown?.stretched(gap, beside: others) ?? gap)
  }

  /// Whether it has come to where the answer is held back on purpose.
  var isSilent: Bool {
    shared.plan.firedFaults.contains { $0.reach.holds(at: written) }
  }

  /// Takes every action that is due, or nil where none is.
  mutating func step(at now: Instant) -> Step? {
    guard let deadline, deadline <= now else { return nil }
    let begin = written
    guard slowdown == nil else {
      takeStretched(upTo: now)
      return step(from: begin, due: deadline, at: now)
    }
    let elapsed = now.nanoseconds(since: start)
    while next < shared.cues.count, shared.cues[next].nanoseconds <= elapsed {
      written = shared.cues[next].wireEnd
      next += 1
    }
    return step(from: begin, due: deadline, at: now)
  }

  private func step(from begin: Int, due deadline: Instant, at now: Instant) -> Step {
    Step(
      wire: begin..<written, latenessNanoseconds: now.nanoseconds(since: deadline),
      isLast: next == shared.cues.count)
  }

  /// Takes what is due where gaps stretch: each counts from when the one before was due, so that
  /// lateness does not add up.
  private mutating func takeStretched(upTo now: Instant) {
    while let due = deadline, due <= now {
      (start, origin) = (due, shared.cues[next].nanoseconds)
      written = shared.cues[next].wireEnd
      next += 1
    }
  }

  /// Takes in how many other answers there are: the gaps that come are as long as beside those.
  mutating func note(others count: Int) { others = count }
}
