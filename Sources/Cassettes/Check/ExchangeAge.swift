/// How old a recording is: providers change what they send, and a fixture does not.
package enum ExchangeAge {
  /// A date before this is none: an import writes 1970 where a format has no date.
  private static let firstUs: Int64 = 365 * dayUs
  private static let dayUs: Int64 = 86_400_000_000

  /// What there is to say about the age of an exchange, or nil.
  ///
  /// - Parameters:
  ///   - exchange: The exchange.
  ///   - number: Its place in the cassette, from 1.
  ///   - limit: How old it may be.
  ///   - text: How the limit was written.
  ///   - now: The time of day, in microseconds since 1970.
  /// - Returns: The finding, which names the date.
  package static func finding(
    in exchange: Exchange, number: Int, limit: Microseconds, as text: String, now: Int64
  ) -> CheckFinding? {
    let at = exchange.request.at
    guard let recorded = Timestamp.microseconds(rfc3339: at), recorded >= firstUs else {
      return CheckFinding(
        .age,
        "has no known date, so that it may be older than \(text): record it anew, or import it "
          + "from what has dates", exchange: number)
    }
    let (age, isOverflow) = now.subtractingReportingOverflow(recorded)
    guard isOverflow || age > limit.count else { return nil }
    let days = age / dayUs
    return CheckFinding(
      .age,
      "recorded on \(at.prefix(10)), \(days == 1 ? "1 day" : "\(days) days") ago, which is older "
        + "than \(text): record it anew", exchange: number)
  }
}
