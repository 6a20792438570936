package import LosslessJSON
internal import Planning

/// One field in which a request differs from a recording.
package struct Difference: Hashable, Sendable {
  /// Where it is: `method`, `path`, `query NAME`, `header NAME`, `body`, or `body /json/pointer`.
  package var at: String

  /// What the recording has there, shortened, or nil where it has nothing.
  package var recorded: String?

  /// What was asked, shortened, or nil where there is nothing.
  package var asked: String?

  /// About how many bytes of a value are shown.
  static let valueBytes = 60

  /// Creates a difference, and shortens what is long to where the two begin to differ.
  package init(at place: String, recorded: [UInt8]?, asked: [UInt8]?) {
    at = place
    let common = Self.commonCount(recorded ?? [], asked ?? [])
    self.recorded = recorded.map { Self.shortened($0, from: common) }
    self.asked = asked.map { Self.shortened($0, from: common) }
  }

  /// How many bytes two values have in common before they part.
  package static func commonCount(_ one: [UInt8], _ other: [UInt8]) -> Int {
    let count = min(one.count, other.count)
    return (0..<count).first { one[$0] != other[$0] } ?? count
  }

  private static func shortened(_ value: [UInt8], from difference: Int) -> String {
    guard value.count > valueBytes else { return String(decoding: value, as: UTF8.self) }
    var start = max(0, min(difference - 20, value.count - valueBytes))
    var end = min(value.count, start + valueBytes)
    // A character is never cut.
    while start > 0, value[start] & 0xC0 == 0x80 { start -= 1 }
    while end < value.count, value[end] & 0xC0 == 0x80 { end += 1 }
    let text = String(decoding: value[start..<end], as: UTF8.self)
    return (start > 0 ? "…" : "") + text + (end < value.count ? "…" : "")
  }

  /// The difference in words: `the body differs at /n (recorded 1, asked 2)`.
  package var words: String {
    let parts = at.split(separator: " ", maxSplits: 1)
    let place = parts.count > 1 ? " at \(parts[1])" : ""
    return "the \(parts.first ?? "") differs\(place) "
      + "(recorded \(recorded ?? "nothing"), asked \(asked ?? "nothing"))"
  }

  /// Where it is, in fewer words: of a place in the body only its pointer.
  package var place: String {
    if at == "body" { return "the body" }
    return at.hasPrefix("body /") ? String(at.dropFirst("body ".count)) : at
  }

  /// About how much memory it takes up.
  package var sizeBytes: Int {
    64 + at.utf8.count + (recorded?.utf8.count ?? 0) + (asked?.utf8.count ?? 0)
  }
}

/// The fields in which a request differs from a recording: the first of them, and how many there
/// are.
package struct Differences: Sendable {
  /// The first.
  package private(set) var list: [Difference] = []

  /// How many there are.
  package private(set) var count = 0

  /// How many are kept.
  package static let limit = 20

  /// How many there are beyond `list`.
  package var more: Int { count - list.count }

  /// Compares two JSON values: places are those of a body.
  package init(_ recorded: JSONValue, _ asked: JSONValue) {
    guard let mine = Self.sorted(recorded), let theirs = Self.sorted(asked) else { return }
    add(mine, theirs, at: "")
  }

  private static func sorted(_ value: JSONValue) -> JSONValue? {
    guard let form = try? ComparableJSON(parsing: value.bytes, nesting: 1000) else { return nil }
    return try? JSONValue(parsing: form.bytes, nesting: 1000)
  }

  /// Compares all but the bodies.
  ///
  /// - Parameters:
  ///   - recorded: the recording's request.
  ///   - asked: what was asked.
  ///   - headers: the names of the header fields that take part.
  package init(_ recorded: ComparableRequest, _ asked: ComparableRequest, headers: [String]) {
    note("method", recorded.line.method, asked.line.method)
    note("path", String(recorded.line.path), String(asked.line.path))
    addQuery(recorded.line.target, asked.line.target)
    for (index, name) in headers.enumerated() {
      note("header \(name)", recorded.headers[index], asked.headers[index])
    }
    // Where a body says it, the member `stream` differs.
    if recorded.form.differs(from: asked.form), !recorded.form.hasMember, !asked.form.hasMember {
      note("header accept", recorded.form.accepted, asked.form.accepted)
    }
  }

  /// Takes the bodies in: as JSON where both are and `isDeep` says so, else as one field.
  ///
  /// Equal parts are passed over as a whole, so the time is that of reading both.
  package mutating func addBody(
    _ recorded: ComparableBody, _ asked: ComparableBody, isDeep: Bool
  ) {
    guard recorded != asked else { return }
    guard isDeep, recorded.isJSON, asked.isJSON, let mine = try? JSONValue(parsing: recorded.bytes),
      let theirs = try? JSONValue(parsing: asked.bytes)
    else { return note("body", recorded.bytes, asked.bytes) }
    add(mine, theirs, at: "")
  }

  private mutating func note(_ place: String, _ recorded: String, _ asked: String) {
    if recorded != asked { note(place, Array(recorded.utf8), Array(asked.utf8)) }
  }

  private mutating func note(
    _ place: @autoclosure () -> String, _ recorded: [UInt8]?, _ asked: [UInt8]?
  ) {
    count += 1
    guard list.count < Self.limit else { return }
    list.append(Difference(at: place(), recorded: recorded, asked: asked))
  }

  /// Adds the parameters of two queries that differ, by their names.
  private mutating func addQuery(_ recorded: String, _ asked: String) {
    guard recorded != asked else { return }
    let (mine, theirs) = (Self.parameters(of: recorded), Self.parameters(of: asked))
    var names: [String] = []
    for name in mine.names + theirs.names where !names.contains(name) { names.append(name) }
    let before = count
    for name in names where mine.values[name] != theirs.values[name] {
      note(
        "query \(name)", mine.values[name].map { Array($0.utf8) },
        theirs.values[name].map { Array($0.utf8) })
    }
    // The same parameters in another order are another target.
    if count == before, mine.query != theirs.query {
      note("query", String(mine.query), String(theirs.query))
    }
  }

  /// How many parameters of a query are told apart.
  private static let parameterLimit = 100

  private static func parameters(
    of target: String
  ) -> (query: Substring, names: [String], values: [String: String]) {
    let query = target.drop { $0 != "?" }.dropFirst()
    var names: [String] = []
    var values: [String: String] = [:]
    for parameter in query.split(separator: "&").prefix(parameterLimit) {
      let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      let value = parts.count > 1 ? String(parts[1]) : ""
      if let known = values[name] {
        values[name] = "\(known),\(value)"
      } else {
        names.append(name)
        values[name] = value
      }
    }
    return (query, names, values)
  }
}

// The inside of JSON bodies, whose members come sorted by key.
extension Differences {
  private mutating func add(_ recorded: JSONValue, _ asked: JSONValue, at path: String) {
    switch (recorded, asked) {
    case (.object(let mine), .object(let theirs)): addMembers(mine, theirs, at: path)
    case (.array(let mine), .array(let theirs)):
      for index in 0..<max(mine.count, theirs.count) {
        compare(
          mine.indices.contains(index) ? mine[index] : nil,
          theirs.indices.contains(index) ? theirs[index] : nil, at: "\(path)/\(index)")
      }
    default: compare(recorded, asked, at: path)
    }
  }

  private mutating func compare(_ recorded: JSONValue?, _ asked: JSONValue?, at path: String) {
    guard recorded != asked else { return }
    switch (recorded, asked) {
    case (.object?, .object?), (.array?, .array?):
      if let recorded, let asked { add(recorded, asked, at: path) }
    default:
      let place = path.isEmpty ? "body" : "body \(path)"
      note(place, recorded?.bytes, asked?.bytes)
    }
  }

  private mutating func addMembers(
    _ mine: [JSONValue.Member], _ theirs: [JSONValue.Member], at path: String
  ) {
    var (a, b) = (mine[...], theirs[...])
    while let next = Self.firstKey(a.first?.key, b.first?.key) {
      let recorded = a.first?.key == next ? a.removeFirst().value : nil
      let asked = b.first?.key == next ? b.removeFirst().value : nil
      let key = JSONPointer.escaped(String(decoding: next, as: UTF8.self))
      compare(recorded, asked, at: "\(path)/\(key)")
    }
  }

  private static func firstKey(_ a: [UInt8]?, _ b: [UInt8]?) -> [UInt8]? {
    guard let a, let b else { return a ?? b }
    return b.lexicographicallyPrecedes(a) ? b : a
  }
}
