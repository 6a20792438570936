internal import LosslessJSON

/// Makes nodes of JSON. (RFC 8259)
struct JSONNodes {
  private let feed: BoundedFeed
  private var window: JSONWindow
  private var budget: NodeBudget
  private var hasBegun = false

  init(_ feed: BoundedFeed, limits: DocumentLimits) {
    self.feed = feed
    window = JSONWindow(feed)
    budget = NodeBudget(limits)
  }

  /// The next document, or nil behind the last: several values may stand one after the other.
  mutating func document(
    _ paths: StreamedPaths, _ element: (Node, Int) throws -> Void
  ) throws -> Node? {
    if !hasBegun { try window.skipMark() }
    hasBegun = true
    budget.beginDocument()
    guard try window.peek() != nil else { return nil }
    return try value(depth: 0, paths, element)
  }

  private mutating func value(
    depth: Int, _ paths: StreamedPaths, _ element: (Node, Int) throws -> Void
  ) throws -> Node {
    guard let first = try window.peek() else {
      throw window.failure("the file ends inside a JSON value: expected a value")
    }
    let line = window.line
    switch first {
    case UInt8(ascii: "{"):
      try budget.count(line: line)
      return Node(.mapping(try members(depth: depth, paths, element)), line: line)
    case UInt8(ascii: "["):
      try budget.count(line: line)
      return Node(.sequence(try items(depth: depth, paths.here, element)), line: line)
    case UInt8(ascii: "\""): return try scalar(window.string(), isPlain: false, line: line)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return try scalar(window.number(), isPlain: true, line: line)
    case UInt8(ascii: "t"): return try literal("true", line: line)
    case UInt8(ascii: "f"): return try literal("false", line: line)
    case UInt8(ascii: "n"): return try literal("null", line: line)
    default: throw window.failure("expected a JSON value, found \(try window.found())")
    }
  }

  private mutating func literal(_ name: String, line: Int) throws -> Node {
    try window.literal(name)
    return try scalar(Array(name.utf8), isPlain: true, line: line)
  }

  private mutating func scalar(_ bytes: [UInt8], isPlain: Bool, line: Int) throws -> Node {
    try budget.count(bytes: bytes.count, line: line)
    return Node(.scalar(Node.Scalar(bytes: bytes, isPlain: isPlain)), line: line)
  }

  /// The elements of an array; none where they are handed over.
  private mutating func items(
    depth: Int, _ numbers: [Int], _ element: (Node, Int) throws -> Void
  ) throws -> [Node] {
    var items: [Node] = []
    guard try enters(depth, before: UInt8(ascii: "]")) else { return items }
    repeat {
      guard !numbers.isEmpty else {
        items.append(try value(depth: depth + 1, .none, element))
        continue
      }
      budget.beginElement()
      feed.beginNode()
      let item = try value(depth: depth + 1, .none, element)
      for number in numbers { try element(item, number) }
      feed.beginNode()
      budget.endElement()
    } while try goesOn(before: UInt8(ascii: "]"))
    return items
  }

  private mutating func members(
    depth: Int, _ paths: StreamedPaths, _ element: (Node, Int) throws -> Void
  ) throws -> [Node.Member] {
    var members: [Node.Member] = []
    guard try enters(depth, before: UInt8(ascii: "}")) else { return members }
    repeat {
      guard try window.peek() == UInt8(ascii: "\"") else { throw try unexpected("a key in quotes") }
      let line = window.line
      let key = try scalar(window.string(), isPlain: false, line: line)
      guard try window.peek() == UInt8(ascii: ":") else {
        throw try unexpected("a colon behind a key")
      }
      window.skip()
      let value = try value(depth: depth + 1, paths.under(key), element)
      members.append(Node.Member(key: key, value: value))
    } while try goesOn(before: UInt8(ascii: "}"))
    return members
  }

  /// Takes the bracket that opens, and says whether anything stands in it; else the one that closes
  /// as well.
  private mutating func enters(_ depth: Int, before close: UInt8) throws -> Bool {
    try budget.checkDepth(depth, line: window.line)
    window.skip()
    guard try window.peek() == close else { return true }
    window.skip()
    return false
  }

  /// Takes what stands behind an element or a member, and says whether another one follows.
  private mutating func goesOn(before close: UInt8) throws -> Bool {
    let byte = try window.peek()
    guard byte == close || byte == UInt8(ascii: ",") else {
      throw try unexpected("a comma or '\(Unicode.Scalar(close))' behind a value")
    }
    window.skip()
    return byte != close
  }

  private mutating func unexpected(_ expected: String) throws -> DocumentError {
    guard try window.peek() != nil else {
      return window.failure("the file ends inside a JSON value: expected \(expected)")
    }
    return window.failure("expected \(expected), found \(try window.found())")
  }
}
