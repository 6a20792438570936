/// Looks ahead in a JSON text to what stands beside a member or in an object, and takes nothing.
struct JSONGlance {
  /// What has been seen does not suffice.
  struct Ended: Error {}

  private let bytes: [UInt8]
  private let limit: Int
  private let level: Int
  private(set) var place: Int
  /// Up to where no object or array was met: from there, too, the members of the object go on.
  private(set) var flatEnd: Int
  private var isFlat = true

  /// Looks at the text of one level, from a place up to another.
  init(_ bytes: [UInt8], from place: Int, to limit: Int, level: Int) {
    self.bytes = bytes
    self.place = place
    flatEnd = place
    self.limit = min(limit, bytes.count)
    self.level = level
  }

  /// The keys that stand beside a token of a text.
  private static let textTokenKeys: [[UInt8]] = [
    "logprob", "logprobs", "logProbability", "log_probability", "top_logprobs", "prob", "bytes",
    "tokenId", "token_id",
  ].map { Array($0.utf8) }

  /// The keys of a JSON schema.
  private static let schemaKeys: Set<[UInt8]> = Set(
    [
      "type", "description", "title", "default", "enum", "format", "nullable", "examples",
      "example",
      "required", "minLength", "maxLength", "pattern", "items", "properties",
      "additionalProperties", "deprecated", "readOnly", "writeOnly", "$ref", "anyOf", "oneOf",
      "allOf", "const",
    ].map { Array($0.utf8) })
  private static let schemaTypes: Set<[UInt8]> = Set(
    [
      "string", "str", "number", "integer", "int", "float", "boolean", "bool", "object", "array",
      "list", "null",
    ].map { Array($0.utf8) })

  /// The keys beside a type under which a credential itself stands, and not what describes one.
  private static let valueKeys: Set<[UInt8]> = Set(
    [
      "value", "defaultValue", "default_value", "currentValue", "secretValue", "secret", "data",
      "plaintext", "content", "text", "password", "token", "key",
    ].map { Array($0.utf8) })

  /// Whether the keys of the object that were seen are those of a schema that describes a value.
  private(set) var seemsSchema = false

  /// Whether what begins at the place is an object that holds no credential whatever its name: a
  /// schema that describes one, or a token of a text with its probability.
  ///
  /// - Parameter isToken: Whether its name is `token`, which may be one of a text.
  /// - Returns: Whether nothing in it needs to be covered.
  /// - Throws: Where the object goes on behind what may be seen.
  mutating func isInnocentObject(besideToken isToken: Bool) throws(Ended) -> Bool {
    guard try next() == UInt8(ascii: "{") else { return false }
    place += 1
    var hasOtherKeys = false
    var hasType = false
    var holdsValue = false
    while let key = try nextKey() {
      if isToken, Self.textTokenKeys.contains(key) { return true }
      if key == Array("type".utf8), try isSchemaType() { hasType = true }
      holdsValue = holdsValue || Self.valueKeys.contains(key)
      hasOtherKeys = hasOtherKeys || !Self.schemaKeys.contains(key)
      seemsSchema = !holdsValue && (hasType || !hasOtherKeys)
    }
    return seemsSchema
  }

  /// The keys that say what a `value` beside them is of.
  private static let namingKeys: Set<[UInt8]> = Set(
    [
      "name", "Name", "NAME", "key", "Key", "KEY", "header", "Header", "field", "variable", "env",
      "param", "parameter",
    ].map { Array($0.utf8) })

  /// The name that one member of the object that the place is in gives to another, or nil where the
  /// object ends without.
  mutating func namingMember() throws(Ended) -> [UInt8]? {
    while let key = try nextKey() {
      guard Self.namingKeys.contains(key) else { continue }
      try skipSpace()
      guard try opensString() else { continue }
      let start = place
      return Array(bytes[start..<(try stringEnd())])
    }
    return nil
  }

  /// Passes over space; what comes next stands at the place.
  mutating func skipToNext() throws(Ended) -> UInt8 {
    try skipSpace()
    return try next()
  }

  /// Passes over a byte.
  mutating func skipOne() { place += 1 }

  /// Passes over the quote at the place where it opens a string of the level, and returns whether
  /// it does.
  mutating func opensString() throws(Ended) -> Bool {
    let first = try next()
    guard first == UInt8(ascii: "\"") || first == UInt8(ascii: "\\"), let open = try quote(),
      open.level == level
    else { return false }
    place = open.range.upperBound
    return true
  }

  /// Whether a key that is told of a token of a text comes before the end of the object that the
  /// place is in.
  mutating func comesLogprob() throws(Ended) -> Bool {
    while let key = try nextKey() {
      if Self.textTokenKeys.contains(key) { return true }
    }
    return false
  }

  /// Passes over the string whose first byte stands at the place, and gives the place of its end.
  mutating func stringEnd() throws(Ended) -> Int {
    while true {
      let byte = try next()
      switch byte {
      case 0x0A, 0x0D: return place
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        let found = try quote()
        if let found, found.level <= level {
          place = found.range.upperBound
          return found.range.lowerBound
        }
      default: place += 1
      }
    }
  }

  private func next() throws(Ended) -> UInt8 {
    guard place < limit else { throw Ended() }
    return bytes[place]
  }

  /// The quote at the place, where its level counts; what is none is passed over.
  private mutating func quote() throws(Ended) -> JSONQuote? {
    switch JSONQuote.read(at: place, in: bytes, isFinal: false) {
    case .undecided: throw Ended()
    case .none(let next):
      place = max(next, place + 1)
      return nil
    case .quote(let quote):
      if quote.level > level { place = quote.range.upperBound }
      return quote
    }
  }

  private mutating func skipSpace() throws(Ended) {
    while true {
      let byte = try next()
      if byte == UInt8(ascii: "\\") {
        guard place + 1 < limit else { throw Ended() }
        guard "nrt".utf8.contains(bytes[place + 1]) else { return }
        place += 2
      } else if [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
        place += 1
      } else {
        return
      }
    }
  }

  /// The next key of the object that the place is in, or nil where that ends.
  private mutating func nextKey() throws(Ended) -> [UInt8]? {
    var depth = 0
    while true {
      if isFlat { flatEnd = place }
      switch try next() {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        isFlat = false
        depth += 1
        place += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        place += 1
        if depth < 0 { return nil }
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        guard let open = try quote(), open.level <= level else { continue }
        guard open.level == level else { return nil }
        place = open.range.upperBound
        let start = place
        let end = try stringEnd()
        guard depth == 0 else { continue }
        try skipSpace()
        if bytes[place] == UInt8(ascii: ":") {
          place += 1
          return Array(bytes[start..<end])
        }
      default: place += 1
      }
    }
  }

  /// Whether the value at the place, a string or the first one of an array, is a type of a schema.
  private mutating func isSchemaType() throws(Ended) -> Bool {
    try skipSpace()
    if bytes[place] == UInt8(ascii: "[") {
      place += 1
      try skipSpace()
    }
    guard try opensString() else { return false }
    let start = place
    let end = try stringEnd()
    return Self.schemaTypes.contains(bytes[start..<end].map { $0 | 0x20 })
  }
}
