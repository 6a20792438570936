/// Times of day as RFC 3339 writes them, in the proleptic Gregorian calendar.
public enum Timestamp {
  /// The microseconds since 1970-01-01T00:00:00Z, or nil where the text is no RFC 3339 date-time.
  ///
  /// What is finer than a microsecond is dropped. A leap second counts as the second after it.
  ///
  /// - Parameter text: A date-time with `Z` or an offset. (RFC 3339, 5.6)
  /// - Returns: The count, negative before 1970.
  public static func microseconds(rfc3339 text: String) -> Int64? {
    var scanner = Scanner(rest: Array(text.utf8)[...])
    guard let year = scanner.number(4), scanner.take("-"),
      let month = scanner.number(2), scanner.take("-"),
      let day = scanner.number(2), scanner.take("Tt"),
      let hour = scanner.number(2), scanner.take(":"),
      let minute = scanner.number(2), scanner.take(":"),
      let second = scanner.number(2),
      let fraction = scanner.fraction(), let offset = scanner.offsetMinutes(), scanner.rest.isEmpty,
      (1...12).contains(month), (1...daysIn(month: month, year: year)).contains(day),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let minutes = days(year: year, month: month, day: day) * 1440 + hour * 60 + minute - offset
    // A leap second can only end a UTC day. (RFC 3339, 5.7)
    guard second < 60 || (minutes % 1440 + 1440) % 1440 == 1439 else { return nil }
    return (minutes * 60 + second) * 1_000_000 + fraction
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The microseconds since 1970-01-01T00:00:00Z that an IMF-fixdate names, or nil where the text
  /// is none: `Sun, 22 Nov 2026 11:00:00 GMT`. (RFC 9110, 5.6.7)
  package static func microseconds(httpDate text: String) -> Int64? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT",
      let month = months.firstIndex(of: String(parts[2])).map({ $0 + 1 })
    else { return nil }
    return microseconds(
      rfc3339: "\(parts[3])-\(month < 10 ? "0" : "")\(month)-\(parts[1])T\(parts[4])Z")
  }

  /// The date-time with six digits of fraction and `Z`.
  ///
  /// - Parameter count: Microseconds since 1970-01-01T00:00:00Z; moved into the years 0 to 9999,
  ///   which RFC 3339 has.
  /// - Returns: 27 characters.
  public static func rfc3339(microsecondsSince1970 count: Int64) -> String {
    let count = min(max(count, -62_167_219_200_000_000), 253_402_300_799_999_999)
    let (seconds, fraction) = divided(count, by: 1_000_000)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(27)
    append(secondsSince1970: seconds, to: &bytes)
    bytes.append(UInt8(ascii: "."))
    append(two: fraction / 10_000, to: &bytes)
    append(two: fraction / 100, to: &bytes)
    append(two: fraction, to: &bytes)
    bytes.append(UInt8(ascii: "Z"))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the date-time in whole seconds, without an offset: 19 bytes.
  ///
  /// - Parameters:
  ///   - seconds: Seconds since 1970; moved into the years 0 to 9999.
  ///   - bytes: What they are appended to.
  package static func append(secondsSince1970 seconds: Int64, to bytes: inout [UInt8]) {
    let seconds = min(max(seconds, -62_167_219_200), 253_402_300_799)
    let (day, second) = divided(seconds, by: 86_400)
    let date = civil(day: day)
    append(two: date.year / 100, to: &bytes)
    append(two: date.year, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(two: date.month, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(two: date.day, to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    append(two: second / 3600, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(two: second / 60 % 60, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(two: second % 60, to: &bytes)
  }

  /// The quotient rounded down, and the remainder, which is never negative.
  private static func divided(_ a: Int64, by b: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
  }

  /// Appends the last two digits of a number that is not negative.
  private static func append(two number: Int64, to bytes: inout [UInt8]) {
    let rest = UInt8(truncatingIfNeeded: number % 100)
    bytes.append(UInt8(ascii: "0") + rest / 10)
    bytes.append(UInt8(ascii: "0") + rest % 10)
  }

  private static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func daysIn(month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The days since 1970-01-01.
  ///
  /// Years are counted from March, so that a leap day is a year's last.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = divided(year, by: 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The date of a day counted from 1970-01-01.
  private static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = divided(day + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}

extension Timestamp {
  private struct Scanner {
    var rest: ArraySlice<UInt8>

    /// Takes one byte if it is one of `choices`.
    mutating func take(_ choices: StaticString) -> Bool {
      let allowed = UnsafeBufferPointer(start: choices.utf8Start, count: choices.utf8CodeUnitCount)
      guard let byte = rest.first, allowed.contains(byte) else { return false }
      rest.removeFirst()
      return true
    }

    /// Takes exactly `count` digits.
    mutating func number(_ count: Int) -> Int64? {
      guard rest.count >= count else { return nil }
      var number: Int64 = 0
      for byte in rest.prefix(count) {
        guard (0x30...0x39).contains(byte) else { return nil }
        number = number * 10 + Int64(byte - 0x30)
      }
      rest.removeFirst(count)
      return number
    }

    /// Takes a fraction, if one is there, as whole microseconds.
    mutating func fraction() -> Int64? {
      guard take(".") else { return 0 }
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      rest.removeFirst(digits.count)
      guard !digits.isEmpty else { return nil }
      var number: Int64 = 0
      for place in 0..<6 {
        let digit = place < digits.count ? digits[digits.startIndex + place] - 0x30 : 0
        number = number * 10 + Int64(digit)
      }
      return number
    }

    /// Takes `Z` or an offset, as minutes east of UTC.
    mutating func offsetMinutes() -> Int64? {
      if take("Zz") { return 0 }
      let isWest = rest.first == UInt8(ascii: "-")
      guard take("+-"), let hours = number(2), take(":"), let minutes = number(2), hours < 24,
        minutes < 60
      else { return nil }
      return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }
  }
}
