package import Cassettes

/// Parses numbers with units, as flags and directives have them.
///
/// A bare number where a unit is needed is an error, so that nobody has to guess whether `20` meant
/// seconds or milliseconds.
package enum Quantity {
  /// A duration: `250us`, `20ms`, `1.5s`, `2m`; whole microseconds.
  package static func duration(_ text: some StringProtocol) throws(DirectiveError) -> Microseconds {
    let units: [(String, Int64)] = [("us", 1), ("ms", 1000), ("s", 1_000_000), ("m", 60_000_000)]
    guard let count = scaled(text, units), let duration = Microseconds(count) else {
      throw DirectiveError(
        "'\(text)' is not a duration in whole microseconds: write a number and us, ms, s or m, like 20ms"
      )
    }
    return duration
  }

  /// A size in bytes: `100B`, `4KiB`, `1MiB`, `2GiB`; whole bytes.
  package static func size(_ text: some StringProtocol) throws(DirectiveError) -> Int {
    let units: [(String, Int64)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)]
    guard let count = scaled(text, units), let size = Int(exactly: count) else {
      throw DirectiveError(
        "'\(text)' is not a size: write a number and B, KiB, MiB or GiB, like 4KiB")
    }
    return size
  }

  /// Events each second: `50/s`, `0.5/s`; above zero.
  package static func eventRate(_ text: some StringProtocol) throws(DirectiveError) -> ExactDecimal
  {
    guard text.hasSuffix("/s"), let rate = ExactDecimal(text.dropLast(2)), rate.digits > 0 else {
      throw DirectiveError(
        "'\(text)' is not a rate: write events per second, like 50/s (50%2Fs in a URL)")
    }
    return rate
  }

  /// Bytes each second: `100B/s`, `2KiB/s`; above zero.
  package static func byteRate(_ text: some StringProtocol) throws(DirectiveError) -> Int {
    guard text.hasSuffix("/s"), let rate = try? size(text.dropLast(2)), rate > 0 else {
      throw DirectiveError(
        "'\(text)' is not a rate: write bytes per second, like 2KiB/s (2KiB%2Fs in a URL)")
    }
    return rate
  }

  /// A share of a hundred: `20%`.
  package static func percentage(_ text: some StringProtocol) throws(DirectiveError) -> ExactDecimal
  {
    guard text.hasSuffix("%"), let share = ExactDecimal(text.dropLast()),
      share.digits <= 100 * share.scale
    else {
      throw DirectiveError(
        "'\(text)' is not a percentage from 0% to 100% (write 20% as 20%25 in a URL)")
    }
    return share
  }

  /// A whole number from 1 to 10^9: an exchange, an attempt, a place.
  package static func ordinal(_ text: some StringProtocol) throws(DirectiveError) -> Int {
    guard text.utf8.count <= 10, text.utf8.allSatisfy(isDigit), let value = Int(text),
      (1...1_000_000_000).contains(value)
    else {
      throw DirectiveError("'\(text)' is not a whole number of 1 or more")
    }
    return value
  }

  /// A seed: a whole number from 0 to 2^64 - 1.
  package static func seed(_ text: some StringProtocol) throws(DirectiveError) -> UInt64 {
    guard text.utf8.allSatisfy(isDigit), let value = UInt64(text) else {
      throw DirectiveError("'\(text)' is not a seed: write a whole number of 0 or more")
    }
    return value
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func scaled(_ text: some StringProtocol, _ units: [(String, Int64)]) -> Int64? {
    for (unit, factor) in units where text.hasSuffix(unit) {
      guard let number = ExactDecimal(text.dropLast(unit.count)) else { continue }
      return number.multiplied(by: factor)
    }
    return nil
  }
}
