/// The inside of a JSON string, to bytes and back. (RFC 8259, 7)
package enum JSONString {
  /// Where an unescaped string ended.
  package struct Unescaped {
    /// The index just after the closing quote.
    package var end: Int
    /// How many bytes were written.
    package var count: Int
    /// Whether a lone surrogate is among them, so that they are not UTF-8.
    package var hasLoneSurrogate: Bool
  }

  /// Writes the bytes that a string stands for.
  ///
  /// Never writes more bytes than it reads, so `output` needs room for what is left of `text`.
  ///
  /// - Parameters:
  ///   - text: The text around the string.
  ///   - start: The index just after the opening quote.
  ///   - output: Where the bytes go.
  /// - Returns: Where the string ended and how long it is.
  /// - Throws: Where the string is not well formed.
  package static func unescape(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, into output: UnsafeMutablePointer<UInt8>
  ) throws(JSONError) -> Unescaped {
    guard let base = text.baseAddress else { throw JSONError(.unexpectedEnd, offset: start) }
    var index = start
    var count = 0
    var hasLoneSurrogate = false
    while index < text.count {
      if text.count - index >= 8 {
        // Eight bytes at a time: store them all, then count only those before the first special
        // one.
        let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
        UnsafeMutableRawPointer(output + count).storeBytes(of: word, as: UInt64.self)
        let plain = plainPrefix(of: UInt64(littleEndian: word))
        index += plain
        count += plain
        if plain == 8 { continue }
      }
      let byte = base[index]
      switch byte {
      case UInt8(ascii: "\""):
        return Unescaped(end: index + 1, count: count, hasLoneSurrogate: hasLoneSurrogate)
      case UInt8(ascii: "\\"):
        let escape = try Escape(text, at: index)
        count += escape.write(to: output + count)
        index += escape.length
        hasLoneSurrogate = hasLoneSurrogate || escape.isLoneSurrogate
      case 0..<0x20:
        throw JSONError(.controlCharacter, offset: index)
      default:
        let length = UTF8Check.scalarLength(in: text, at: index)
        guard length > 0 else { throw JSONError(.invalidUTF8, offset: index) }
        for offset in 0..<length { output[count + offset] = base[index + offset] }
        index += length
        count += length
      }
    }
    throw JSONError(.unexpectedEnd, offset: text.count)
  }

  /// The index of the first byte that is a quote, a backslash, a control character or not ASCII, or
  /// of the end of the text where there is none.
  static func plainEnd(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = text.baseAddress else { return start }
    var index = start
    while text.count - index >= 8 {
      let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
      let plain = plainPrefix(of: UInt64(littleEndian: word))
      index += plain
      if plain < 8 { return index }
    }
    while index < text.count {
      let byte = base[index]
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        break
      }
      index += 1
    }
    return index
  }

  /// The index of the quote that closes a string, or of the end of the text where none does.
  static func closingQuote(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while index < text.count, text[index] != UInt8(ascii: "\"") {
      index += text[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index, text.count)
  }

  /// How many of eight bytes, the first in the lowest bits, come before the first that is a quote,
  /// a backslash, a control character or not ASCII.
  @inline(__always)
  static func plainPrefix(of word: UInt64) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5c)
    // A borrow can mark only bytes after a true mark, so the first mark is always right.
    let marks =
      ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
      | ((word &- ones &* 0x20) & ~word) | word
    return (marks & highs).trailingZeroBitCount / 8
  }
}

extension JSONString {
  /// The byte that one letter behind a backslash stands for; nil where it needs more, or is none.
  @inline(__always)
  package static func byte(escapedAs letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0c
    case UInt8(ascii: "n"): 0x0a
    case UInt8(ascii: "r"): 0x0d
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// The code unit that the four digits of a `\uXXXX` stand for; nil where one is not hexadecimal.
  @inline(__always)
  package static func unit(of digits: some Sequence<UInt8>) -> UInt32? {
    var unit: UInt32 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(digit - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(digit - 0x57)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(digit - 0x37)
      default: return nil
      }
    }
    return unit
  }
}

extension JSONString {
  /// One escape sequence, or a pair of them that stands for one scalar.
  struct Escape {
    /// The scalar or lone surrogate.
    let code: UInt32
    /// The length of the sequence in the text.
    let length: Int

    var isLoneSurrogate: Bool { code & 0xffff_f800 == 0xd800 }

    init(_ text: UnsafeBufferPointer<UInt8>, at index: Int) throws(JSONError) {
      guard index + 1 < text.count else { throw JSONError(.unexpectedEnd, offset: text.count) }
      if let plain = JSONString.byte(escapedAs: text[index + 1]) {
        (code, length) = (UInt32(plain), 2)
        return
      }
      guard let first = Self.unit(text, at: index) else {
        throw JSONError(.invalidEscape, offset: index)
      }
      if first & 0xfc00 == 0xd800, let second = Self.unit(text, at: index + 6),
        second & 0xfc00 == 0xdc00
      {
        (code, length) = (0x10000 + ((first & 0x3ff) << 10 | second & 0x3ff), 12)
      } else {
        (code, length) = (first, 6)
      }
    }

    /// The code unit that the six bytes `\uXXXX` at `index` stand for, or nil.
    private static func unit(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32? {
      guard text.count - index >= 6, text[index] == UInt8(ascii: "\\"),
        text[index + 1] == UInt8(ascii: "u")
      else { return nil }
      return JSONString.unit(of: text[(index + 2)..<(index + 6)])
    }

    /// Writes the UTF-8 form, that of WTF-8 for a lone surrogate, and returns its length.
    func write(to output: UnsafeMutablePointer<UInt8>) -> Int {
      func continuation(_ shift: UInt32) -> UInt8 {
        UInt8(truncatingIfNeeded: 0x80 | (code >> shift) & 0x3f)
      }
      switch code {
      case 0..<0x80:
        output[0] = UInt8(truncatingIfNeeded: code)
        return 1
      case 0x80..<0x800:
        output[0] = UInt8(truncatingIfNeeded: 0xc0 | code >> 6)
        output[1] = continuation(0)
        return 2
      case 0x800..<0x10000:
        output[0] = UInt8(truncatingIfNeeded: 0xe0 | code >> 12)
        output[1] = continuation(6)
        output[2] = continuation(0)
        return 3
      default:
        output[0] = UInt8(truncatingIfNeeded: 0xf0 | code >> 18)
        output[1] = continuation(12)
        output[2] = continuation(6)
        output[3] = continuation(0)
        return 4
      }
    }
  }
}
