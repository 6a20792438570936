extension FixedWidthInteger {
  /// The sum, or the largest value where the sum does not fit.
  @inline(__always)
  func addingSaturated(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The difference, or 0 where it does not fit.
  func subtractingOrZero(_ other: Self) -> Self {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? 0 : difference
  }
}
