internal import Dialects
internal import LosslessJSON
internal import Matching
internal import Planning

extension ExchangeComparison {
  /// How many runs of types are named around the place where two orders part.
  private static let namedRuns = 3

  /// Compares which types of events there are, in which order, and how many.
  mutating func compareTypes() {
    compare(.types, "dialect", was.message.dialect.name, now.message.dialect.name)
    let mine = Set(was.kinds.map(\.name))
    let theirs = Set(now.kinds.map(\.name))
    for kind in was.kinds where !theirs.contains(kind.name) { add(kind, isNew: false) }
    for kind in now.kinds where !mine.contains(kind.name) { add(kind, isNew: true) }
    if was.events != now.events {
      add(ExchangeDifference(.count, "events", was: "\(was.events)", now: "\(now.events)"))
    }
    guard mine == theirs else { return }
    compareOrder()
  }

  private mutating func add(_ kind: ExchangeReading.EventKind, isNew: Bool) {
    let example = kind.shape.nodes[0].example
    let count = "\(kind.shape.count) \(kind.shape.count == 1 ? "event" : "events")"
    // The first keep-alive of a stream comes when the stream is long enough.
    let isVolatile = kind.name == "ping"
    let text =
      isNew
      ? "new type of event: \(count), the first is event \(kind.first), \(example)"
      : "type of event gone: was in \(count), the first was event \(kind.first), \(example)"
    add(
      ExchangeDifference(
        .types, kind.name, was: isNew ? nil : count, now: isNew ? count : nil, text: text,
        isVolatile: isVolatile))
  }

  private mutating func compareOrder() {
    let mine = was.order.map { was.kinds[$0].name }
    let theirs = now.order.map { now.kinds[$0].name }
    guard mine != theirs else { return }
    let common = zip(mine, theirs).prefix { $0 == $1 }.count
    let words = { (names: [String]) in
      let rest = names.dropFirst(common)
      guard !rest.isEmpty else { return "the end" }
      return rest.prefix(Self.namedRuns).joined(separator: ", ")
        + (rest.count > Self.namedRuns ? ", …" : "")
    }
    let place = common == 0 ? "at the start" : "after \(mine[common - 1])"
    add(ExchangeDifference(.order, place, was: words(mine), now: words(theirs)))
  }

  /// Compares the JSON of the types that both have.
  mutating func compareShapes() {
    guard !rules.ignored.contains(.shape) else { return }
    for kind in was.kinds {
      guard let other = now.kinds.first(where: { $0.name == kind.name }) else { continue }
      var walk = ShapeWalk(kind.shape, other.shape, name: kind.name, isDrift: rules.isDrift)
      walk.run()
      walk.differences.forEach { add($0) }
      add(more: walk.more, of: .shape)
    }
  }
}

/// Passes over two shapes side by side.
private struct ShapeWalk {
  let mine: JSONShape
  let theirs: JSONShape
  let name: String
  let isDrift: Bool
  private(set) var differences: [ExchangeDifference] = []
  private(set) var more = 0

  init(_ mine: JSONShape, _ theirs: JSONShape, name: String, isDrift: Bool) {
    (self.mine, self.theirs, self.name, self.isDrift) = (mine, theirs, name, isDrift)
  }

  mutating func run() { compare(0, 0, "") }

  private mutating func compare(_ one: Int, _ other: Int, _ path: String) {
    let (a, b) = (mine.nodes[one], theirs.nodes[other])
    compareTypes(a, b, path)
    if let first = a.element, let second = b.element { compare(first, second, "\(path)/*") }
    guard !(a.members.isEmpty && b.members.isEmpty) else { return }
    // Where there never was an object, its type says what is new.
    guard a.types.contains(.object), b.types.contains(.object) else { return }
    var theirsByKey: [[UInt8]: Int] = [:]
    for place in b.members { theirsByKey[theirs.nodes[place].key] = place }
    for place in a.members {
      let path = Self.path(path, mine.nodes[place].key)
      if let match = theirsByKey.removeValue(forKey: mine.nodes[place].key) {
        compare(place, match, path)
      } else {
        add(path, mine.nodes[place], nil, isCut: theirs.isCut)
      }
    }
    for place in b.members where theirsByKey[theirs.nodes[place].key] != nil {
      add(
        Self.path(path, theirs.nodes[place].key), nil, theirs.nodes[place], isCut: mine.isCut)
    }
  }

  private mutating func compareTypes(_ a: JSONShape.Node, _ b: JSONShape.Node, _ path: String) {
    guard a.types != b.types, !(isDrift && a.types.isSuperset(of: b.types)) else { return }
    let example =
      b.types.isSubset(of: a.types) ? "" : ", such as \(b.example) in event \(b.event)"
    keep(
      ExchangeDifference(
        .shape, place(path), was: a.types.words, now: b.types.words,
        text: "was \(a.types.words), is \(b.types.words)\(example)"))
  }

  private mutating func add(
    _ path: String, _ a: JSONShape.Node?, _ b: JSONShape.Node?, isCut: Bool
  ) {
    // What is beyond the limit of a shape is not known to be missing.
    guard !isCut, let node = a ?? b else { return }
    let isNew = a == nil
    let text =
      isNew
      ? "new field: \(node.types.words), such as \(node.example) in event \(node.event)"
      : "field gone: was \(node.types.words), such as \(node.example) in event \(node.event)"
    keep(
      ExchangeDifference(
        .shape, place(path), was: a?.types.words, now: b?.types.words, text: text,
        isVolatile: VolatileNames.isPadding(node.key)))
  }

  private mutating func keep(_ difference: ExchangeDifference) {
    guard differences.count < ExchangeComparison.limit else {
      more += 1
      return
    }
    differences.append(difference)
  }

  private func place(_ path: String) -> String { path.isEmpty ? name : "\(name) \(path)" }

  private static func path(_ path: String, _ key: [UInt8]) -> String {
    "\(path)/\(JSONPointer.escaped(String(decoding: key, as: UTF8.self)))"
  }
}
