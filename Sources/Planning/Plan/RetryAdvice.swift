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
      if wait == nil { until = Self.microseconds(ofDate: text) }
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

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The time that an IMF-fixdate names: `Sun, 22 Nov 2026 11:00:00 GMT`. (RFC 9110, 5.6.7)
  private static func microseconds(ofDate text: String) -> Int64? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT",
      let month = months.firstIndex(of: String(parts[2])).map({ $0 + 1 })
    else { return nil }
    return Timestamp.microseconds(
      rfc3339: "\(parts[3])-\(month < 10 ? "0" : "")\(month)-\(parts[1])T\(parts[4])Z")
  }
}
