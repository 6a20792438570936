import TestSupport

@testable import Loading

/// Records and meters for tests.
enum LoadRecords {
  static let millisecond: Int64 = 1_000_000

  /// A stream of so many events, all with content, one each 20 ms from 100 ms on; times in ms.
  static func whole(_ number: Int = 0, due: Int64 = 0, delay: Int64 = 0, events: Int = 11)
    -> StreamRecord
  {
    let start = due * millisecond
    var record = StreamRecord(
      order: StreamOrder(number: number, due: start), scheduled: start,
      dispatched: start + delay * millisecond)
    let first = start + 100 * millisecond
    record.sent = record.dispatched + millisecond
    record.firstByte = first - 10 * millisecond
    record.firstContent = first
    record.secondContent = events > 1 ? first + 20 * millisecond : nil
    record.lastContent = first + Int64(events - 1) * 20 * millisecond
    record.end = first + Int64(events - 1) * 20 * millisecond + 5 * millisecond
    record.events = events
    record.contentEvents = events
    record.bytes = events * 100
    record.longestGap = 20 * millisecond
    record.outcome = .whole
    record.status = 200
    return record
  }

  /// A record of anything.
  static func any(_ random: inout SeededGenerator) -> StreamRecord {
    func time() -> Int64 { .random(in: 0...2_000_000_000, using: &random) }
    var record = whole(.random(in: 0..<1000, using: &random))
    record.scheduled = time()
    record.dispatched = record.scheduled + .random(in: 0...3_000_000, using: &random)
    record.sent = Bool.random(using: &random) ? record.dispatched + 1000 : nil
    record.firstByte = Bool.random(using: &random) ? record.dispatched + time() : nil
    record.firstContent = record.firstByte.map { $0 + time() }
    record.secondContent = record.firstContent.map { $0 + time() }
    record.lastContent = record.secondContent.map { $0 + time() }
    record.end = (record.lastContent ?? record.dispatched) + time()
    record.events = .random(in: 0...40, using: &random)
    record.contentEvents = .random(in: 0...record.events, using: &random)
    record.longestGap = time()
    record.outputTokens = Bool.random(using: &random) ? .random(in: 0...90, using: &random) : nil
    record.outcome = StreamOutcome.allCases.randomElement(using: &random) ?? .whole
    record.status = [nil, 200, 429, 529].randomElement(using: &random) ?? nil
    record.detail =
      [nil, "the connection was reset", "quoted \"text\" ü\n"]
      .randomElement(using: &random) ?? nil
    record.verification = Verification.allCases.randomElement(using: &random)
    return record
  }

  /// A meter that has seen so many records of anything, gaps and lateness beside them.
  static func meter(of count: Int, _ random: inout SeededGenerator) -> LoadMeter {
    var meter = LoadMeter()
    for _ in 0..<count { note(&meter, &random) }
    return meter
  }

  private static func note(_ meter: inout LoadMeter, _ random: inout SeededGenerator) {
    meter.note(any(&random))
    meter.note(
      gap: .random(in: 0...5_000_000_000, using: &random),
      at: .random(in: 0...90_000_000_000, using: &random))
    meter.note(late: .random(in: -2_000_000...9_000_000, using: &random))
    let order = StreamOrder(number: 1, due: .random(in: 0...1_000_000_000, using: &random))
    if let reason = NotSentReason.allCases.randomElement(using: &random) {
      meter.note(notSent: order, reason)
    }
  }
}
