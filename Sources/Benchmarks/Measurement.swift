/// The time that `work` took; what it returns is checked to be something, so that it is done at
/// all.
func time<Failure: Error>(_ work: () throws(Failure) -> Int) throws(Failure) -> Duration {
  let clock = ContinuousClock()
  let start = clock.now
  let result = try work()
  let elapsed = clock.now - start
  precondition(result > 0, "the benchmark did nothing")
  return elapsed
}

/// The middle one of an odd number of values.
func median<Value: Comparable>(_ values: [Value]) -> Value {
  values.sorted()[values.count / 2]
}

/// A number with three decimals.
func rounded(_ value: Double) -> Double {
  (value * 1000).rounded() / 1000
}
