internal import Cassettes
internal import Dialects
internal import LosslessJSON
internal import Planning

extension ExchangeComparison {
  /// The members of a message that are compared by themselves, and those that hold what it says.
  private static let told: Set = [
    "content", "choices", "output", "candidates", "usage", "usageMetadata", "stop_reason",
    "unrecognized",
  ]

  /// Compares why the model stopped, what it used, and what else the message says of itself.
  mutating func compareMessages() {
    let (mine, theirs) = (was.message.accumulator, now.message.accumulator)
    compare(.stop, "stop reason", mine.stopReason, theirs.stopReason)
    compareValues(mine.usage ?? .null, theirs.usage ?? .null) { _ in .usage }
    guard let a = mine.message, let b = theirs.message else { return }
    compareValues(Self.rest(of: a), Self.rest(of: b)) { _ in .message }
  }

  private static func rest(of message: JSONValue) -> JSONValue {
    guard case .object(let members) = message else { return .null }
    return .object(
      members.filter { member in
        !told.contains(String(decoding: member.key, as: UTF8.self))
      })
  }

  /// Compares when what came, and in how many pieces.
  mutating func compareTimes() {
    let (mine, theirs) = (was.exchange.request.timing, now.exchange.request.timing)
    guard mine == theirs || rules.isStrict else {
      // Times that were made up say nothing of those that were measured.
      add(volatile: 1, of: .timing)
      return
    }
    let (a, b) = (was.times, now.times)
    compare(time: "first event", a.first, b.first)
    compare(time: "median gap", a.medianGap, b.medianGap)
    compare(time: "longest gap", a.longestGap, b.longestGap)
    compare(time: "total", a.total, b.total)
    guard rules.differ(pieces: a.chunks, b.chunks) else { return }
    add(ExchangeDifference(.timing, "chunks", was: "\(a.chunks)", now: "\(b.chunks)"))
  }

  private mutating func compare(time place: String, _ mine: Microseconds?, _ theirs: Microseconds?)
  {
    if let mine, let theirs, !rules.differ(mine.count, theirs.count) { return }
    guard mine != theirs else { return }
    add(
      ExchangeDifference(.timing, place, was: mine.map(Self.words), now: theirs.map(Self.words)))
  }

  private static func words(_ time: Microseconds) -> String {
    "\(time.count / 1000).\("\(time.count % 1000 + 1000)".dropFirst()) ms"
  }

  /// Compares how the exchanges ended, and whether the messages are whole.
  mutating func compareEndings() {
    let (mine, theirs) = (was.exchange.ending, now.exchange.ending)
    compare(.ending, "how", mine.how.rawValue, theirs.how.rawValue)
    compare(.ending, "stage", mine.stage?.rawValue, theirs.stage?.rawValue)
    compare(.ending, "detail", mine.detail, theirs.detail, isVolatile: true)
    let (a, b) = (was.message.completeness.reason, now.message.completeness.reason)
    compare(.ending, "message", a ?? "whole", b ?? "whole")
  }
}
