package import Planning

/// The times at which streams arrive, in order, in nanoseconds from the start of the run.
package protocol ArrivalTimes: Sendable {
  /// The time of the next arrival, never before the last one's; nil where there are no more.
  mutating func next() -> Int64?
}

/// Times that are the same distance apart; the first is 0.
package struct ConstantTimes: ArrivalTimes {
  private let rate: ArrivalRate
  private var number = 0

  /// Begins with the first.
  package init(_ rate: ArrivalRate) { self.rate = rate }

  package mutating func next() -> Int64? {
    defer { number += 1 }
    return rate.time(of: number)
  }
}

/// Times whose distances are drawn, each by itself; the first is one distance from the start.
package struct RenewalTimes: ArrivalTimes {
  private enum Distance {
    case exponential
    case gamma(shape: Double)
  }

  private let distance: Distance
  /// What a drawn number is multiplied by, in nanoseconds.
  private let scale: Double
  private var draws: SequentialDraws
  private var last: Int64 = 0

  /// Times of a Poisson process.
  package init(poisson rate: ArrivalRate, _ draws: SequentialDraws) {
    distance = .exponential
    scale = 1e9 / rate.perSecond
    self.draws = draws
  }

  /// Times whose distances have a gamma distribution, by its coefficient of variation.
  package init(gamma rate: ArrivalRate, cv: ExactDecimal, _ draws: SequentialDraws) {
    let shape = 1 / (cv.double * cv.double)
    distance = .gamma(shape: shape)
    scale = 1e9 / rate.perSecond / shape
    self.draws = draws
  }

  package mutating func next() -> Int64? {
    let drawn =
      switch distance {
      case .exponential: draws.exponential()
      case .gamma(let shape): draws.gamma(shape: shape)
      }
    guard let step = Int64(exactly: (drawn * scale).rounded()),
      case let (time, overflow) = last.addingReportingOverflow(step), !overflow
    else { return nil }
    last = time
    return time
  }
}

/// Times at a rate that changes evenly from one to another, and then stays; the first is 0.
///
/// Number k is due when the integral of the rate is k: each is computed by itself, so that nothing
/// adds up.
package struct RampTimes: ArrivalTimes {
  private let ramp: Ramp
  private var number = 0

  /// Begins with the first.
  package init(from: ExactDecimal, to: ExactDecimal, over nanoseconds: Int64) {
    ramp = Ramp(from: from.double, to: to.double, length: Double(nanoseconds) / 1e9)
  }

  package mutating func next() -> Int64? {
    defer { number += 1 }
    return ramp.time(of: Double(number)).flatMap { Int64(exactly: ($0 * 1e9).rounded()) }
  }
}

/// The times of a trace.
package struct TraceTimes: ArrivalTimes {
  private let trace: Trace
  private let speed: ExactDecimal?
  private var number = 0

  /// Times so many times as fast as the trace has them, or as fast where that is nil.
  package init(_ trace: Trace, speed: ExactDecimal?) {
    self.trace = trace
    self.speed = speed
  }

  package mutating func next() -> Int64? {
    guard number < trace.count else { return nil }
    defer { number += 1 }
    let time = trace.time(of: number)
    return speed?.dividing(time) ?? time
  }
}
