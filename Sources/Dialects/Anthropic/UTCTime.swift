/// A second of universal time, written as `2026-10-21T07:28:00Z`. (RFC 3339, 5.6)
struct UTCTime: CustomStringConvertible {
  /// The first and the last second of the years that have four digits.
  private static let range: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  private let seconds: Int64

  /// Creates a time; one outside the years 0000 to 9999 becomes the nearest inside.
  init(secondsSince1970 seconds: Int64) {
    self.seconds = min(max(seconds, Self.range.lowerBound), Self.range.upperBound)
  }

  var description: String {
    let (year, month, day) = date
    let second = Int(seconds - days * 86_400)
    return Self.digits(year, 4) + "-" + Self.digits(month) + "-" + Self.digits(day) + "T"
      + Self.digits(second / 3600) + ":" + Self.digits(second / 60 % 60) + ":"
      + Self.digits(second % 60) + "Z"
  }

  private var days: Int64 { (seconds >= 0 ? seconds : seconds - 86_399) / 86_400 }

  /// The date in the Gregorian calendar: years are counted from March, so that a leap day is the
  /// last.
  private var date: (year: Int, month: Int, day: Int) {
    let fromMarch0000 = Int(days) + 719_468
    let era = (fromMarch0000 >= 0 ? fromMarch0000 : fromMarch0000 - 146_096) / 146_097
    let dayOfEra = fromMarch0000 - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func digits(_ number: Int, _ count: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}
