internal import Cassettes
internal import EventStream

/// One way in which two faults on one attempt cannot both be had.
package struct Contradiction: Sendable {
  /// What the two do, for the catalogue: `two answers`.
  package var summary: String

  /// Why the second cannot be had beside the first, as the end of a sentence that names both.
  package var reason: String

  /// Whether two faults contradict each other so; asked in both orders.
  let holds: @Sendable (PlacedFault, PlacedFault, FaultScene) -> Bool

  /// The table, in the order in which it is looked through.
  package static let table: [Contradiction] = [
    Contradiction(
      summary: "two answers (`status`, `body`)",
      reason: "one attempt has one answer"
    ) { a, b, _ in a.fault.effect == .answers && b.fault.effect == .answers },
    Contradiction(
      summary: "an answer, and a fault that changes the recording beyond its head",
      reason: "the answer replaces the recording"
    ) { a, b, _ in
      guard a.fault.effect == .answers, b.fault.effect != .answers else { return false }
      if b.fault.effect == .editsHead { return false }
      if case .head = b.place { return type(of: b.fault).kind != .time }
      return true
    },
    Contradiction(
      summary: "two framings (`framing:…`)",
      reason: "one answer has one framing"
    ) { a, b, _ in a.fault.effect == .frames && b.fault.effect == .frames },
    Contradiction(
      summary: "two ends (`disconnect`, `reset`, `end`, `hang`, `linger`, `bad-chunk`, `error`)",
      reason: "one answer ends once"
    ) { a, b, _ in a.fault.effect.isEnd && b.fault.effect.isEnd },
    Contradiction(
      summary: "a fault that needs the chunked coding (`bad-chunk`, `mid-chunk`), and a framing",
      reason: "without chunked coding there is nothing to break"
    ) { a, b, _ in a.fault.effect == .frames && b.fault.effect == .endsChunked },
    Contradiction(
      summary: "an end, and a fault at or after its place",
      reason: "the answer ends before the fault can be reached"
    ) { a, b, scene in
      guard a.fault.effect.isEnd, !b.fault.effect.isEnd else { return false }
      if case .head(let side) = a.place, side != .after {
        if case .head = b.place { return type(of: b.fault).kind != .time }
        return true
      }
      guard case .body(let end, _) = a.endPlace(in: scene), let start = b.start(in: scene) else {
        return false
      }
      if b.needsEnd { return end < scene.lastEventEnd }
      guard end < scene.exchange.body.count else { return false }
      return start > end || start == end && !b.comes(beforeAnEndAt: a.place)
    },
  ]

  /// Throws where any two faults contradict each other.
  static func check(_ faults: [PlacedFault], in scene: FaultScene) throws(DirectiveError) {
    for (index, first) in faults.enumerated() {
      for second in faults.dropFirst(index + 1) {
        for entry in table
        where entry.holds(first, second, scene) || entry.holds(second, first, scene) {
          throw DirectiveError(
            "\(first.spec) and \(second.spec) contradict each other: \(entry.reason)")
        }
      }
    }
  }
}

extension FaultEffect {
  /// Whether it decides where and how the answer ends.
  var isEnd: Bool { self == .ends || self == .endsChunked }
}

extension PlacedFault {
  /// Where an end happens in the body: one to an event before it.
  fileprivate func endPlace(in scene: FaultScene) -> ResolvedPlace {
    switch place {
    case .event(let index): .body(scene.events[index].block.lowerBound, after: false)
    case .head: .body(0, after: true)
    case .everywhere: .body(scene.exchange.body.count, after: true)
    case .body: place
    }
  }

  /// Whether it is still reached where the answer ends at the very place where it begins: what is
  /// late is late for the end too, and what is inserted there comes before a plain place.
  fileprivate func comes(beforeAnEndAt end: ResolvedPlace) -> Bool {
    if type(of: fault).kind == .time { return true }
    // The error event that ends a stream is a part of it, though it be the first.
    if case .event = end, spec.place == nil, type(of: fault).takes != .event { return true }
    if case .body(_, after: true) = end { return false }
    return fault.effect == .inserts
  }

  /// Whether it changes the end of the stream only.
  fileprivate var needsEnd: Bool { type(of: fault).happensAtEnd }
}

extension FaultScene {
  /// The offset behind the last event.
  fileprivate var lastEventEnd: Int { events.last?.block.upperBound ?? 0 }
}
