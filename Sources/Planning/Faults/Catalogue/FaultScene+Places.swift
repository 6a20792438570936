internal import Cassettes
internal import Dialects
internal import EventStream

extension FaultScene {
  /// Where a fault happens; nil where it does not fire, since the recording is no event stream and
  /// the place is by event or type.
  func resolve(
    _ place: FaultPlace?, for type: any Fault.Type, drawingFrom chance: Chance? = nil
  ) throws(DirectiveError) -> ResolvedPlace? {
    let chance = chance ?? self.chance
    switch type.takes {
    case .nothing: return .everywhere
    case .events where place == nil, .rest where place == nil: return .everywhere
    case .point, .bodyPoint, .rest: return try point(place ?? .middle, for: type, chance)
    case .event, .events:
      guard exchange.isEventStream else { return nil }
      guard let point = try point(place ?? .middle, for: type, chance) else { return nil }
      guard case .body(let offset, _) = point,
        let index = events.firstIndex(where: { $0.block.upperBound > offset })
      else {
        throw DirectiveError(
          "\(type.name)@\(place ?? .middle): no event holds the byte there; the recording has "
            + "\(events.count) events")
      }
      return .event(index)
    }
  }

  /// The point that a place names, or nil where it is by event or type and there are none of these.
  private func point(
    _ place: FaultPlace, for type: any Fault.Type, _ chance: Chance
  ) throws(DirectiveError) -> ResolvedPlace? {
    let isAfter = place.side == .after
    let count = exchange.body.count
    func beyond(_ what: String) -> DirectiveError {
      DirectiveError("\(type.name)@\(place): \(what)")
    }
    switch place.target {
    case .head: return .head(place.side)
    case .event(let number):
      guard exchange.isEventStream else { return nil }
      guard number <= events.count else {
        throw beyond("the recording has \(events.count) events")
      }
      return side(place.side, of: events[number - 1].block)
    case .type(let name, let number):
      guard exchange.isEventStream else { return nil }
      let found = events(ofType: name, upTo: number)
      guard found.count == number, let event = found.last else {
        throw beyond(
          "the recording has \(found.count) events of type \(name); it has \(typeCounts)")
      }
      return side(place.side, of: event.block)
    case .byte(let number):
      guard number <= count else { throw beyond("the recorded body has \(count) bytes") }
      return .body(isAfter ? number : number - 1, after: isAfter)
    case .fraction(let fraction):
      let offset = Int(Int128(count) * Int128(fraction.digits) / Int128(fraction.scale))
      return .body(offset, after: isAfter)
    case .end: return .body(count, after: isAfter)
    case .random:
      guard count >= 2 else { throw beyond("the recorded body has \(count) bytes") }
      let draw = chance.draw("place:\(type.name)")
      return .body(1 + Int(draw % UInt64(count - 1)), after: isAfter)
    case .randomEvent:
      guard exchange.isEventStream else { return nil }
      guard !events.isEmpty else { throw beyond("the recording has no events") }
      let draw = chance.draw("place:\(type.name)")
      return side(place.side, of: events[Int(draw % UInt64(events.count))].block)
    case .time(let time): return try point(at: time, place, type)
    }
  }

  /// The first events of a type, as many as are needed.
  private func events(ofType name: String, upTo number: Int) -> [ServerSentEvent] {
    Array(events.lazy.filter { dialect.name(of: $0) == name }.prefix(number))
  }

  /// How many types an error lists.
  private static let listedTypes = 12

  /// The types of the events with their counts, as a place names them, in order of appearance.
  private var typeCounts: String {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for event in events {
      let name = dialect.name(of: event)
      if counts[name] == nil { order.append(name) }
      counts[name, default: 0] += 1
    }
    let listed = order.prefix(Self.listedTypes).map { name in
      "\(PercentCoding.encode(argument: String(name.prefix(40)))) (\(counts[name] ?? 0))"
    }
    let rest = order.count - listed.count
    return (listed + (rest > 0 ? ["\(rest) other types"] : [])).joined(separator: ", ")
  }

  /// Before, behind, or at half the length of a block, which is never on a boundary: a block that
  /// dispatches has at least three bytes.
  private func side(_ side: FaultPlace.Side, of block: Range<Int>) -> ResolvedPlace {
    switch side {
    case .before: .body(block.lowerBound, after: false)
    case .inside: .body(block.lowerBound + block.count / 2, after: false)
    case .after: .body(block.upperBound, after: true)
    }
  }

  /// Before the first chunk that is due at a recorded time or later; up to the head's time, the
  /// head.
  private func point(
    at time: Microseconds, _ place: FaultPlace, _ type: any Fault.Type
  ) throws(DirectiveError) -> ResolvedPlace {
    if let head = exchange.head, time <= head.at {
      guard [.point].contains(type.takes) else {
        return .body(0, after: place.side == .after)
      }
      return .head(place.side)
    }
    guard let index = exchange.chunks.firstIndex(where: { $0.at >= time }) else {
      let last = exchange.chunks.last?.at ?? exchange.head?.at ?? .zero
      throw DirectiveError(
        "\(type.name)@\(place): the recording's last chunk came at \(last.count)us")
    }
    return .body(exchange.range(ofChunk: index).lowerBound, after: place.side == .after)
  }
}
