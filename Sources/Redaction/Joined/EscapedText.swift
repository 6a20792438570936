internal import LosslessJSON

/// The inside of a JSON string as its reader gets it, and where each byte of that stands. (RFC
/// 8259, 7)
enum EscapedText {
  /// What stands for one scalar, or for a byte of one.
  private struct Unit {
    /// How many bytes of the text it is.
    var length: Int
    /// What it stands for.
    var code: UInt32
    /// Whether it is an escape; one that breaks off is none.
    var isEscape: Bool

    var decodedCount: Int {
      guard isEscape else { return 1 }
      switch code {
      case 0..<0x80: return 1
      case 0x80..<0x800: return 2
      case 0x800..<0x10000: return 3
      default: return 4
      }
    }
  }

  /// Adds what a string stands for; an escape that there is not stands for itself.
  static func decode(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to output: inout [UInt8]
  ) {
    var place = range.lowerBound
    while place < range.upperBound {
      let unit = unit(at: place, in: text, to: range.upperBound)
      place += unit.length
      guard unit.isEscape else {
        output.append(UInt8(truncatingIfNeeded: unit.code))
        continue
      }
      append(unit.code, count: unit.decodedCount, to: &output)
    }
  }

  /// Where some bytes of what a string stands for stand in the text: whole escapes, and whole
  /// characters.
  ///
  /// - Parameters:
  ///   - decoded: The bytes, counted from the first that the string stands for.
  ///   - text: The text.
  ///   - string: What stands between the quotes.
  ///   - hasEscapes: Whether it holds a backslash.
  /// - Returns: Their range in the text, within the string.
  static func place(
    of decoded: Range<Int>, in text: UnsafeBufferPointer<UInt8>, _ string: Range<Int>,
    hasEscapes: Bool
  ) -> Range<Int> {
    var start = string.lowerBound + decoded.lowerBound
    var end = string.lowerBound + decoded.upperBound
    if hasEscapes {
      (start, end) = (string.upperBound, string.upperBound)
      var place = string.lowerBound
      var count = 0
      while place < string.upperBound, count < decoded.upperBound {
        let unit = unit(at: place, in: text, to: string.upperBound)
        let next = count + unit.decodedCount
        if count <= decoded.lowerBound, decoded.lowerBound < next { start = place }
        count = next
        place += unit.length
        if count >= decoded.upperBound { end = place }
      }
    }
    start = min(start, string.upperBound)
    end = max(start, min(end, string.upperBound))
    while start > string.lowerBound, start < string.upperBound, isContinuation(text[start]) {
      start -= 1
    }
    while end < string.upperBound, isContinuation(text[end]) { end += 1 }
    return start..<end
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  private static func unit(
    at place: Int, in text: UnsafeBufferPointer<UInt8>, to limit: Int
  ) -> Unit {
    let byte = text[place]
    guard byte == UInt8(ascii: "\\"), place + 1 < limit else {
      return Unit(length: 1, code: UInt32(byte), isEscape: false)
    }
    if let plain = JSONString.byte(escapedAs: text[place + 1]) {
      return Unit(length: 2, code: UInt32(plain), isEscape: true)
    }
    guard let first = code(at: place, in: text, to: limit) else {
      return Unit(length: 1, code: UInt32(byte), isEscape: false)
    }
    if first & 0xFC00 == 0xD800, let second = code(at: place + 6, in: text, to: limit),
      second & 0xFC00 == 0xDC00
    {
      let code = 0x10000 + ((first & 0x3FF) << 10 | second & 0x3FF)
      return Unit(length: 12, code: code, isEscape: true)
    }
    return Unit(length: 6, code: first, isEscape: true)
  }

  /// The code unit of the `\uXXXX` at a place.
  private static func code(
    at place: Int, in text: UnsafeBufferPointer<UInt8>, to limit: Int
  ) -> UInt32? {
    guard limit - place >= 6, text[place] == UInt8(ascii: "\\"),
      text[place + 1] == UInt8(ascii: "u")
    else { return nil }
    return JSONString.unit(of: text[(place + 2)..<(place + 6)])
  }

  /// Adds the UTF-8 form of a scalar, that of WTF-8 for a lone surrogate.
  private static func append(_ code: UInt32, count: Int, to output: inout [UInt8]) {
    guard count > 1 else { return output.append(UInt8(truncatingIfNeeded: code)) }
    let leads: [UInt32] = [0, 0, 0xC0, 0xE0, 0xF0]
    output.append(UInt8(truncatingIfNeeded: leads[count] | code >> UInt32(6 * (count - 1))))
    for index in (0..<(count - 1)).reversed() {
      output.append(UInt8(truncatingIfNeeded: 0x80 | code >> UInt32(6 * index) & 0x3F))
    }
  }
}
