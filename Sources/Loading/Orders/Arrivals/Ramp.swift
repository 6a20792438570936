/// A rate of arrivals that changes evenly from one to another, and then stays.
struct Ramp: Hashable, Sendable {
  /// Arrivals in a second at its beginning, and from its end on.
  var from: Double
  var to: Double
  /// How long it takes, in seconds.
  var length: Double

  /// How many arrivals there are up to a time: the integral of the rate.
  func arrivals(until time: Double) -> Double {
    let within = min(time, length)
    return within * (from + (to - from) * within / length / 2) + to * (time - within)
  }

  /// The time at which the integral is a number; nil where it never is.
  func time(of number: Double) -> Double? {
    let within = (from + to) / 2 * length
    guard number > within else {
      guard number > 0 else { return 0 }
      // The root in the form that loses no digits where the slope is small.
      let slope = (to - from) / length
      let root = max(from * from + 2 * slope * number, 0).squareRoot()
      return 2 * number / (from + root)
    }
    return to > 0 ? length + (number - within) / to : nil
  }
}
