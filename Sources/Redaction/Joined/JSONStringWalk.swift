/// Goes through a JSON text and finds its strings, with what leads to each; it makes no values.
///
/// It is lenient: of a text that breaks off, or is no JSON from some place on, what came before is
/// found. Signatures and encrypted content are passed over, since they look like anything.
struct JSONStringWalk {
  /// A string of the text.
  struct Found {
    /// What stands between its quotes.
    var range: Range<Int>
    /// Whether it holds a backslash.
    var hasEscapes: Bool
    /// Whether it is the key of a member.
    var isKey: Bool
    /// Whether each event says it anew, so that it is joined with nothing.
    var isWhole: Bool
    /// The object that it is a member of, itself or by arrays; -1 where there is none.
    var node: Int
    /// The key of the member that it stands in, empty where there is none.
    var key: Range<Int>
  }

  /// An object, and what leads to it.
  struct Node {
    var parent: Int
    var key: Range<Int>
    /// A hash of the members that tell it apart from others at its place, such as `index`.
    var index = 0
    /// Whether its `data` is encrypted.
    var isThinking = false
  }

  /// What the key of a member says of its value.
  private enum Meaning {
    case plain, index, type, opaque
    /// Each event says it anew, and no client joins it.
    case whole
  }

  private struct Container {
    var isObject: Bool
    var node: Int
    var key: Range<Int>
    var meaning = Meaning.plain
    /// Whether nothing in it counts.
    var isOpaque: Bool
    var expectsKey: Bool
  }

  /// The deepest nesting that is looked into.
  private static let deepest = 512
  private static let indexKeys = ["index", "output_index", "content_index", "item_id"]
    .map { Array($0.utf8) }
  private static let typeKey = Array("type".utf8)
  /// The keys of what no client joins, at their length.
  private static let wholeKeys: [[[UInt8]]] = {
    let keys = [
      "object", "id", "model", "role", "status", "created_at", "finish_reason", "finishReason",
      "stop_reason", "system_fingerprint", "service_tier", "modelVersion", "responseId",
      "response_id", "obfuscation",
    ].map { Array($0.utf8) }
    return (0...18).map { count in keys.filter { $0.count == count } }
  }()

  /// The strings, in order.
  private(set) var found: [Found] = []
  /// The objects, each behind the one that it stands in.
  private(set) var nodes: [Node] = []
  private var open: [Container] = []
  private var isBroken = false

  /// Begins with another text.
  mutating func begin() {
    found.removeAll(keepingCapacity: true)
    nodes.removeAll(keepingCapacity: true)
    open.removeAll(keepingCapacity: true)
    isBroken = false
  }

  /// Whether what begins at the first byte of a range that is no blank may be JSON with strings.
  static func mayBegin(in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    for place in range {
      switch bytes[place] {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): return true
      default: return false
      }
    }
    return false
  }

  /// Takes the next part of the text; no string goes on in another part.
  mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    var place = range.lowerBound
    while !isBroken, place < range.upperBound {
      switch bytes[place] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): begin(isObject: bytes[place] == UInt8(ascii: "{"))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
      case UInt8(ascii: ","): expectKey(true)
      case UInt8(ascii: ":"): expectKey(false)
      case UInt8(ascii: "\""):
        place = string(in: bytes, from: place + 1, to: range.upperBound)
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        place = number(in: bytes, from: place, to: range.upperBound)
        continue
      default: break
      }
      place += 1
    }
  }

  private mutating func expectKey(_ expects: Bool) {
    guard let last = open.indices.last, open[last].isObject else { return }
    open[last].expectsKey = expects
    if expects { open[last].meaning = .plain }
  }

  private mutating func begin(isObject: Bool) {
    guard open.count < Self.deepest else {
      isBroken = true
      return
    }
    let outer = open.last
    let isOpaque = outer.map { $0.isOpaque || $0.meaning == .opaque } ?? false
    var node = outer?.node ?? -1
    var key = outer?.key ?? 0..<0
    if isObject {
      nodes.append(Node(parent: node, key: key))
      node = nodes.count - 1
      key = 0..<0
    }
    open.append(
      Container(
        isObject: isObject, node: node, key: key, isOpaque: isOpaque, expectsKey: isObject))
  }

  /// Takes a string from its first byte, and gives the place of its closing quote.
  private mutating func string(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int
  ) -> Int {
    var place = start
    var hasEscapes = false
    while place < limit, bytes[place] != UInt8(ascii: "\"") {
      if bytes[place] == UInt8(ascii: "\\") {
        hasEscapes = true
        place += 1
      }
      place += 1
    }
    // One that breaks off is the last.
    if place >= limit { isBroken = true }
    let range = start..<min(place, limit)
    guard let last = open.indices.last else {
      add(
        Found(
          range: range, hasEscapes: hasEscapes, isKey: false, isWhole: false, node: -1, key: 0..<0))
      return place
    }
    if open[last].expectsKey {
      open[last].key = range
      open[last].meaning = Self.meaning(of: bytes, range)
      if hasEscapes, !open[last].isOpaque {
        add(
          Found(
            range: range, hasEscapes: true, isKey: true, isWhole: true, node: open[last].node,
            key: range))
      }
      return place
    }
    take(value: range, hasEscapes, of: open[last], in: bytes)
    return place
  }

  private mutating func take(
    value: Range<Int>, _ hasEscapes: Bool, of container: Container,
    in bytes: UnsafeBufferPointer<UInt8>
  ) {
    guard !container.isOpaque else { return }
    var isWhole = false
    switch container.meaning {
    case .opaque: return
    case .index where container.isObject:
      note(index: value, of: container, in: bytes)
      isWhole = true
    case .whole: isWhole = true
    case .type where container.isObject:
      isWhole = true
      let type = UnsafeBufferPointer(rebasing: bytes[value])
      if type.elementsEqual(JSONOpacity.redactedThinking) {
        nodes[container.node].isThinking = true
      }
    default: break
    }
    add(
      Found(
        range: value, hasEscapes: hasEscapes, isKey: false, isWhole: isWhole, node: container.node,
        key: container.key))
  }

  private mutating func add(_ string: Found) {
    if !string.range.isEmpty { found.append(string) }
  }

  /// Takes a number, and gives the place behind it.
  private mutating func number(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int
  ) -> Int {
    var place = start
    while place < limit, ByteTraits.of(bytes[place]).contains(.dotted) { place += 1 }
    if let container = open.last, container.isObject, container.meaning == .index {
      note(index: start..<place, of: container, in: bytes)
    }
    return place
  }

  /// Of several such members it does not matter which comes first.
  private mutating func note(
    index: Range<Int>, of container: Container, in bytes: UnsafeBufferPointer<UInt8>
  ) {
    var hasher = Hasher()
    hasher.combine(
      bytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[container.key]))
    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[index]))
    nodes[container.node].index ^= hasher.finalize()
  }

  private static func meaning(
    of bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Meaning {
    let key = UnsafeBufferPointer(rebasing: bytes[range])
    switch key.first {
    case UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "c"):
      if indexKeys.contains(where: { $0.elementsEqual(key) }) { return .index }
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "e"):
      if typeKey.elementsEqual(key) { return .type }
      if JSONOpacity.keys.contains(where: { $0.elementsEqual(key) }) { return .opaque }
    default: break
    }
    let isWhole =
      key.count < wholeKeys.count && wholeKeys[key.count].contains { $0.elementsEqual(key) }
    return isWhole ? .whole : .plain
  }
}

extension JSONStringWalk {
  /// The strings that count: what is encrypted beside its type is none of them.
  func readable(in bytes: UnsafeBufferPointer<UInt8>) -> some Sequence<Found> {
    found.lazy.filter { string in
      guard string.node >= 0, self.nodes[string.node].isThinking else { return true }
      return !bytes[string.key].elementsEqual(JSONOpacity.dataKey)
    }
  }
}
