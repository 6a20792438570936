package import Planning

/// How the gaps of streams stretch with the number of streams that are active: `100` makes them
/// twice as long at 100 active streams, three times at 200, and so on.
package struct Slowdown: Hashable, Sendable {
  /// At how many active streams everything takes twice as long.
  package var doubling: Int

  /// Creates a slowdown.
  package init(doubling: Int) { self.doubling = max(1, doubling) }

  /// Parses a number of streams.
  ///
  /// - Throws: What was found, and what to write instead.
  package init(parsing text: String) throws(DirectiveError) {
    guard let doubling = try? Quantity.ordinal(text) else {
      throw DirectiveError(
        "'\(text)' is not a number of streams: write at how many active streams gaps are twice as "
          + "long, like 100")
    }
    self.init(doubling: doubling)
  }

  /// A gap as it is beside other streams.
  ///
  /// - Parameters:
  ///   - nanoseconds: The gap as it is planned.
  ///   - others: How many other streams are active.
  /// - Returns: The stretched gap, at most what 64 bits hold; rounded down, so that a stream alone
  ///   is exactly on time.
  package func stretched(_ nanoseconds: Int64, beside others: Int) -> Int64 {
    guard nanoseconds > 0, others > 0 else { return nanoseconds }
    let product = UInt64(nanoseconds).multipliedFullWidth(by: UInt64(others))
    let divisor = UInt64(doubling)
    guard product.high < divisor else { return .max }
    let more = divisor.dividingFullWidth(product).quotient
    let (sum, isBeyond) = nanoseconds.addingReportingOverflow(Int64(clamping: more))
    return isBeyond ? .max : sum
  }
}
