extension JSONString {
  /// Adds a string in quotes, with no more escapes than JSON demands.
  ///
  /// A lone surrogate, kept as three bytes, is written as `\udxxx`; any other bytes that are not
  /// UTF-8 as U+FFFD, so that what comes out is always JSON.
  package static func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    appendInside(text, to: &output)
    output.append(UInt8(ascii: "\""))
  }

  /// Adds the inside of a string, as `append` does.
  static func appendInside(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    var index = 0
    // From here on bytes stand for themselves and have not been added yet.
    var start = 0
    while index < text.count {
      index = plainEnd(in: text, from: index)
      guard index < text.count else { break }
      let byte = text[index]
      let length = byte < 0x80 ? 0 : UTF8Check.scalarLength(in: text, at: index)
      if length > 0 {
        index += length
        continue
      }
      output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
      index += appendEscape(for: text, at: index, to: &output)
      start = index
    }
    output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
  }

  /// Adds a string in quotes, with no more escapes than JSON demands.
  package static func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
    if bytes.withContiguousStorageIfAvailable({ append($0, to: &output) }) == nil {
      append(Array(bytes), to: &output)
    }
  }

  @inline(__always)
  private static func appendEscaped(_ letter: UInt8, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\\"))
    output.append(letter)
  }

  /// Adds the escape for what stands at `index` and returns how many bytes that was.
  private static func appendEscape(
    for text: UnsafeBufferPointer<UInt8>, at index: Int, to output: inout [UInt8]
  ) -> Int {
    let byte = text[index]
    switch byte {
    case UInt8(ascii: "\""): appendEscaped(UInt8(ascii: "\""), to: &output)
    case UInt8(ascii: "\\"): appendEscaped(UInt8(ascii: "\\"), to: &output)
    case 0x08: appendEscaped(UInt8(ascii: "b"), to: &output)
    case 0x0c: appendEscaped(UInt8(ascii: "f"), to: &output)
    case 0x0a: appendEscaped(UInt8(ascii: "n"), to: &output)
    case 0x0d: appendEscaped(UInt8(ascii: "r"), to: &output)
    case 0x09: appendEscaped(UInt8(ascii: "t"), to: &output)
    case 0..<0x20: appendUnit(UInt32(byte), to: &output)
    case 0xed where isSurrogate(text, at: index):
      let second = UInt32(text[index + 1] & 0x3f)
      appendUnit(0xd000 | second << 6 | UInt32(text[index + 2] & 0x3f), to: &output)
      return 3
    default: output.append(contentsOf: "\u{fffd}".utf8)
    }
    return 1
  }

  private static func isSurrogate(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    text.count - index >= 3 && (0xa0...0xbf).contains(text[index + 1])
      && (0x80...0xbf).contains(text[index + 2])
  }

  private static func appendUnit(_ unit: UInt32, to output: inout [UInt8]) {
    output.append(contentsOf: #"\u"#.utf8)
    for shift: UInt32 in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 0xf)
      output.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
}
