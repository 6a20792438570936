/// The headers that tell a client when to try again.
enum RetryHeaders {
  /// `retry-after` in whole seconds, rounded up, and `retry-after-ms` where that is not exact.
  /// (RFC 9110, 10.2.3; the second is what the providers' SDKs look at first)
  static func headers(for delay: Duration?) -> [ErrorReply.Header] {
    guard let delay, delay >= .zero else { return [] }
    let (seconds, attoseconds) = delay.components
    guard attoseconds > 0 else { return [.init("retry-after", "\(seconds)")] }
    let milliseconds = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    let up = seconds == .max ? seconds : seconds + 1
    guard !overflow else { return [.init("retry-after", "\(up)")] }
    return [
      .init("retry-after-ms", "\(whole + milliseconds)"),
      .init("retry-after", "\(up)"),
    ]
  }
}
