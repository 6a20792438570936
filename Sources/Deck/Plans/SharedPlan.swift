internal import Cassettes
internal import Planning

/// A plan and its wire bytes in the form that sockets take; made once and shared by all streams.
final class SharedPlan: Sendable {
  /// The plan without its wire bytes, which are in `wire` only.
  let plan: Plan
  let wire: [UInt8]

  /// When how much of the wire is due: all of an action that a stream needs while it plays.
  let cues: [Cue]

  /// From when on bytes are due.
  struct Cue: BitwiseCopyable {
    /// The time from the request's arrival.
    let nanoseconds: Int64
    /// The offset in the wire just after the last of the bytes.
    let wireEnd: Int
  }

  /// How many body bytes there are.
  private let bodyBytes: Int

  /// For each event, how many body bytes there are with it whole; found here, once a plan, so that
  /// an answer that ends has only to look up how many of them went out.
  private let eventEnds: [Int]

  init(_ plan: Plan, hasEvents: Bool = true) {
    wire = plan.wire
    cues = plan.actions.map { Cue(nanoseconds: $0.at.count * 1000, wireEnd: $0.wireEnd) }
    bodyBytes = plan.bodyBytes
    eventEnds = hasEvents ? plan.eventEnds() : []
    var plan = plan
    plan.wire = []
    self.plan = plan
  }

  private init(_ other: SharedPlan, wire: [UInt8]) {
    self.wire = wire
    plan = other.plan
    cues = other.cues
    bodyBytes = other.bodyBytes
    eventEnds = other.eventEnds
  }

  /// The plan with the times in its head as they are for an answer that begins now: they lie as far
  /// in the future as they are to, to the next whole second.
  ///
  /// - Parameter now: the time in microseconds since 1970, asked for where it matters.
  /// - Returns: the plan itself where it has no such times.
  func dated(at now: @autoclosure () -> Int64) -> SharedPlan {
    guard !plan.times.isEmpty else { return self }
    let now = now()
    var wire = wire
    for time in plan.times where time.range.upperBound <= wire.count {
      let reset = Timestamp.rfc3339(microsecondsSince1970: now + time.after.count + 999_999)
      // Without its fraction.
      let text = "\(reset.prefix(19))Z".utf8
      guard text.count == time.range.count else { continue }
      wire.replaceSubrange(time.range, with: text)
    }
    return SharedPlan(self, wire: wire)
  }

  /// Where in the wire fields can be put into the head: behind its status line; nil where there is
  /// no head.
  var fieldsPlace: Int? {
    guard plan.status != nil || !wire.isEmpty else { return nil }
    var start = 0
    // Answers of status 1xx come before it.
    while wire[start...].starts(with: "HTTP/1.1 1".utf8) {
      guard let end = wire[start...].firstRange(of: Self.emptyLine) else { return nil }
      start = end.upperBound
    }
    guard wire[start...].starts(with: "HTTP/1.1 ".utf8),
      let end = wire[start...].firstIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    return end + 1
  }

  private static let emptyLine = Array("\r\n\r\n".utf8)

  /// An answer in the deck's own words, sent at once.
  convenience init(reply: DeckReply, to client: ClientTraits) {
    var client = client
    client.closes = client.closes || reply.closes
    self.init(
      Plan(
        reply: reply.status, headers: reply.headers, body: reply.body, client: client),
      hasEvents: false)
  }

  /// About how much memory it takes up.
  var sizeBytes: Int {
    wire.count + plan.actions.count * 64 + eventEnds.count * 8
  }

  /// What a client has with so many bytes of the wire: body bytes, and events that are whole.
  func delivered(wireBytes: Int) -> (bytes: Int, events: Int) {
    if wireBytes >= wire.count { return (bodyBytes, eventEnds.count) }
    var bytes = 0
    for action in plan.actions {
      bytes += max(0, min(wireBytes, action.body.upperBound) - action.body.lowerBound)
    }
    return (bytes, Self.count(of: eventEnds, upTo: bytes))
  }

  /// How many body bytes stand in front of each of some places in the wire, which ascend.
  func bodyBytes(upTo places: [Int]) -> [Int] {
    var index = 0
    var before = 0
    return places.map { place in
      while index < plan.actions.count, plan.actions[index].body.upperBound <= place {
        before += plan.actions[index].body.count
        index += 1
      }
      guard index < plan.actions.count else { return before }
      return before + max(0, place - plan.actions[index].body.lowerBound)
    }
  }

  /// How many of the ascending numbers are not above a limit.
  private static func count(of numbers: [Int], upTo limit: Int) -> Int {
    var low = 0
    var high = numbers.count
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] <= limit { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
