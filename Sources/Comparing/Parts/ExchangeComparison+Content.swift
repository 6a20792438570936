internal import Cassettes
internal import Dialects
internal import LosslessJSON
internal import Matching
internal import Planning

extension ExchangeComparison {
  /// Compares what the messages say: text, thinking, refusals, and calls of tools.
  mutating func compareContent() {
    if was.isWhole || now.isWhole { return comparePieces() }
    let (mine, theirs) = (Content(was), Content(now))
    for key in mine.keys + theirs.keys.filter({ mine.texts[$0] == nil }) {
      compare(texts: mine.texts[key], theirs.texts[key], at: key.place)
    }
    compareCalls(mine.calls, theirs.calls)
    guard mine.others != theirs.others else { return }
    add(
      ExchangeDifference(
        .text, "other content", was: Content.words(mine.others), now: Content.words(theirs.others)))
  }

  /// Compares two texts up to where they part.
  private mutating func compare(texts mine: [UInt8]?, _ theirs: [UInt8]?, at place: String) {
    guard mine != theirs else { return }
    let difference = Difference(at: place, recorded: mine, asked: theirs)
    let part = Difference.commonCount(mine ?? [], theirs ?? [])
    let line: String
    switch (difference.recorded, difference.asked) {
    case (let was?, let now?):
      line =
        "differs from byte \(part) of \(mine?.count ?? 0), is \(theirs?.count ?? 0) bytes: "
        + "was \"\(was)\", is \"\(now)\""
    case (let was?, nil): line = "gone: was \(mine?.count ?? 0) bytes, \"\(was)\""
    case (nil, let now?): line = "new: \(theirs?.count ?? 0) bytes, \"\(now)\""
    case (nil, nil): return
    }
    add(
      ExchangeDifference(
        .text, place, was: difference.recorded, now: difference.asked, text: line))
  }

  /// Compares the calls of tools, in their order.
  private mutating func compareCalls(_ mine: [MessagePart], _ theirs: [MessagePart]) {
    for index in 0..<max(mine.count, theirs.count) {
      let (a, b) = (
        index < mine.count ? mine[index] : nil, index < theirs.count ? theirs[index] : nil
      )
      guard a != b else { continue }
      let place = "call \(index + 1)"
      guard let a, let b, a.name == b.name else {
        compare(.tools, place, a.map(Self.words), b.map(Self.words))
        continue
      }
      compare(arguments: a.bytes, b.bytes, at: "\(place) \(a.name)")
    }
  }

  private static func words(of call: MessagePart) -> String {
    "\(call.name)(\(String(decoding: call.bytes.prefix(200), as: UTF8.self)))"
  }

  /// Compares the arguments of two calls: as JSON where they are.
  private mutating func compare(arguments mine: [UInt8], _ theirs: [UInt8], at place: String) {
    guard let a = try? JSONValue(parsing: mine, nesting: 512),
      let b = try? JSONValue(parsing: theirs, nesting: 512)
    else {
      let difference = Difference(at: place, recorded: mine, asked: theirs)
      add(
        ExchangeDifference(.tools, place, was: difference.recorded, now: difference.asked))
      return
    }
    let found = Differences(a, b)
    for difference in found.list {
      add(
        ExchangeDifference(
          .tools, "\(place) \(difference.place)", was: difference.recorded, now: difference.asked))
    }
    add(more: found.more, of: .tools)
  }

  /// Compares answers that are one piece: values where both are JSON, else bytes.
  private mutating func comparePieces() {
    guard was.exchange.body != now.exchange.body else { return }
    guard let mine = was.value, let theirs = now.value else {
      return compare(texts: was.exchange.body, now.exchange.body, at: "body")
    }
    compareValues(mine, theirs) { place in
      place.contains("/usage") ? .usage : .text
    }
  }

  /// Compares two values; what differs by its nature is counted apart.
  mutating func compareValues(
    _ mine: JSONValue, _ theirs: JSONValue, kind: (String) -> DifferenceKind
  ) {
    guard mine != theirs else { return }
    let all = Differences(mine, theirs)
    let found =
      rules.isStrict
      ? all : Differences(VolatileNames.removed(from: mine), VolatileNames.removed(from: theirs))
    for difference in found.list {
      add(
        ExchangeDifference(
          kind(difference.place), difference.place, was: difference.recorded,
          now: difference.asked))
    }
    if let last = found.list.last { add(more: found.more, of: kind(last.place)) }
    add(volatile: all.count - found.count, of: kind(all.list.first?.place ?? ""))
  }
}

/// What a message says, by kinds.
private struct Content {
  struct Key: Hashable {
    var kind: MessagePart.Kind
    var choice: Int

    var place: String { choice == 0 ? kind.rawValue : "choice \(choice + 1) \(kind.rawValue)" }
  }

  /// The keys of `texts`, in the order in which they came first.
  private(set) var keys: [Key] = []
  private(set) var texts: [Key: [UInt8]] = [:]
  private(set) var calls: [MessagePart] = []
  private(set) var others: [MessagePart] = []

  init(_ reading: ExchangeReading) {
    for part in reading.message.accumulator.content {
      switch part.kind {
      case .toolCall: calls.append(part)
      case .other: others.append(part)
      case .text, .thinking, .refusal:
        guard !part.bytes.isEmpty else { continue }
        let key = Key(kind: part.kind, choice: part.choice)
        if texts[key] == nil { keys.append(key) }
        texts[key, default: []] += part.bytes
      }
    }
  }

  /// The names of other parts: what they hold may be long.
  static func words(_ parts: [MessagePart]) -> String? {
    guard !parts.isEmpty else { return nil }
    return parts.prefix(8).map { "\($0.name) (\($0.bytes.count) bytes)" }.joined(separator: ", ")
      + (parts.count > 8 ? ", …" : "")
  }
}
