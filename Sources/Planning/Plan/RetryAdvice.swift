package import Cassettes
package import HTTP

/// What an answer tells its client about trying again.
package struct RetryAdvice: Hashable, Sendable {
  /// How long to wait. (RFC 9110, 10.2.3)
  package var wait: Microseconds?

  /// When to come back, in microseconds since 1970, where the answer names a point in time.
  package var until: Int64?

  /// What `x-should-retry` says, which some SDKs obey before all else.
  package var shouldRetry: Bool?

  /// Creates advice of an answer that says nothing.
  package init() {}

  /// Reads the fields of an answer; `retry-after-ms`, which is exact, counts before `retry-after`.
  package init(_ headers: [HeaderField]) {
    switch headers.value(of: "x-should-retry")?.lowercased() {
    case "true": shouldRetry = true
    case "false": shouldRetry = false
    default: break
    }
    if let text = headers.value(of: "retry-after-ms"), let count = Self.number(text) {
      wait = Microseconds(saturating: Int64(count * 1000))
    } else if let text = headers.value(of: "retry-after") {
      wait = Self.number(text).map { Microseconds(saturating: Int64($0 * 1_000_000)) }
      if wait == nil { until = Timestamp.microseconds(httpDate: text) }
    }
  }

  /// How long a client is told to wait from a time on, in microseconds since 1970.
  package func wait(at now: Int64) -> Microseconds? {
    if let wait { return wait }
    return until.map { Microseconds(saturating: max(0, $0.subtractingReportingOverflow(now).0)) }
  }

  /// A number of 0 to 10^9, as clients read it: with or without a fraction.
  private static func number(_ text: String) -> Double? {
    guard let number = Double(text), (0...1_000_000_000).contains(number) else { return nil }
    return number
  }
}
