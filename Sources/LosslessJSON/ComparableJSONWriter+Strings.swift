// Strings.
extension ComparableJSONWriter {
  /// Takes a string; returns whether it stands for its own bytes.
  mutating func string() throws(JSONError) -> Bool {
    let text = scanner.text
    var isPlain = true
    var index = scanner.index + 1
    while true {
      index = JSONString.plainEnd(in: text, from: index)
      guard index < text.count else {
        throw JSONError(.unexpectedEnd, offset: text.count)
      }
      switch text[index] {
      case UInt8(ascii: "\""):
        scanner.index = index + 1
        return isPlain
      case UInt8(ascii: "\\"):
        isPlain = false
        let escape = try JSONString.Escape(text, at: index)
        if !Self.isNeeded(text[index + 1]) {
          if run < index { add(run..<index) }
          add(escape)
          run = index + escape.length
        }
        index += escape.length
      case 0..<0x20: throw JSONError(.controlCharacter, offset: index)
      default:
        let length = UTF8Check.scalarLength(in: text, at: index)
        guard length > 0 else { throw JSONError(.invalidUTF8, offset: index) }
        index += length
      }
    }
  }

  /// Whether an escape of that letter is the only or the shortest way to write what it stands for.
  private static func isNeeded(_ letter: UInt8) -> Bool {
    letter != UInt8(ascii: "/") && letter != UInt8(ascii: "u")
  }

  private mutating func add(_ escape: JSONString.Escape) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { scalar in
      guard let base = scalar.baseAddress else { return }
      let count = escape.write(to: base)
      JSONString.appendInside(UnsafeBufferPointer(start: base, count: count), to: &output)
    }
  }

  mutating func normalizedString() throws(JSONError) {
    flush()
    var bytes = try scanner.string()
    normalize?(&bytes)
    JSONString.append(bytes, to: &output)
    run = scanner.index
  }
}
