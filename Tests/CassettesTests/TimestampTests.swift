import TestSupport
import Testing

@testable import Cassettes

@Suite struct TimestampTests {
  @Test(
    "an RFC 3339 time is read",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-11-22T11:00:00.123456Z", 1_795_345_200_123_456),
      ("1985-04-12T23:20:50.52Z", 482_196_050_520_000),
      ("1996-12-19T16:39:57-08:00", 851_042_397_000_000),
      ("1990-12-31T23:59:60Z", 662_688_000_000_000),
      ("1990-12-31T15:59:60-08:00", 662_688_000_000_000),
      ("1969-12-31t23:59:59.9999999z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
      ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
      ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
  func reads(text: String, count: Int64) {
    #expect(Timestamp.microseconds(rfc3339: text) == count)
  }

  @Test(
    "what is no RFC 3339 time is refused",
    arguments: [
      "", "2026-11-22", "2026-11-22T11:00:00", "2026-11-22 11:00:00Z", "2026-13-01T00:00:00Z",
      "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
      "2026-04-31T00:00:00Z",
      "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
      "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+0100",
      "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00Zx", "+2026-01-01T00:00:00Z",
      "2026-1-01T00:00:00Z", "2026-01-01T00:00:00,5Z",
    ])
  func refuses(text: String) {
    #expect(Timestamp.microseconds(rfc3339: text) == nil)
  }

  @Test("a time that is written reads back, and one beyond the years of RFC 3339 is moved in")
  func roundTrip() {
    var generator = SeededGenerator(3)
    for _ in 0..<2_000 {
      let range: ClosedRange<Int64> = -62_167_219_200_000_000...253_402_300_799_999_999
      let count = Int64.random(in: range, using: &generator)
      let text = Timestamp.rfc3339(microsecondsSince1970: count)
      #expect(Timestamp.microseconds(rfc3339: text) == count)
      #expect(text.utf8.count == 27)
    }
    #expect(Timestamp.rfc3339(microsecondsSince1970: .min) == "0000-01-01T00:00:00.000000Z")
    #expect(Timestamp.rfc3339(microsecondsSince1970: .max) == "9999-12-31T23:59:59.999999Z")
  }

  @Test("exchanges are ordered by their time, whatever its offset, then by their place")
  func recordedOrder() {
    let times = [
      "2026-01-01T00:00:00Z", "2026-01-01T02:00:00+03:00", "2026-01-01T00:00:00.0Z",
      "2025-12-31T23:59:59.999999Z",
    ]
    let exchanges = times.enumerated().map { index, at in
      var exchange = Samples.example
      (exchange.request.at, exchange.request.id) = (at, "\(index)")
      return exchange
    }
    #expect(exchanges.inRecordedOrder.map(\.request.id) == ["1", "3", "0", "2"])
  }
}
