/// Reads what a grammar allows from a text at one place, and stays where it is when that is not
/// there.
///
/// For grammars that are tried at every word of a long text and say at once that they are not
/// there, where `PatternSearch` would read each line whole.
package struct ByteCursor {
  /// The text.
  package let text: [UInt8]
  /// The place of the next byte.
  package private(set) var offset: Int

  /// Creates a cursor at a place of a text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - offset: A place in it, or its end.
  package init(_ text: [UInt8], at offset: Int) {
    self.text = text
    self.offset = offset
  }

  /// Takes one byte of a set.
  package mutating func take(_ set: ByteSet) -> Bool {
    guard offset < text.count, set.contains(text[offset]) else { return false }
    offset += 1
    return true
  }

  /// Takes all bytes of a set that come, and returns them.
  package mutating func takeAll(_ set: ByteSet) -> ArraySlice<UInt8> {
    let start = offset
    while take(set) {}
    return text[start..<offset]
  }

  /// Takes some bytes of a set, or a part of them where there are not so many.
  package mutating func take(count: Int, _ set: ByteSet) -> Bool {
    (0..<count).allSatisfy { _ in take(set) }
  }

  /// Takes a text.
  package mutating func take(_ literal: String) -> Bool {
    guard text[offset...].starts(with: literal.utf8) else { return false }
    offset += literal.utf8.count
    return true
  }

  /// Takes a number of some digits, at most 18, and says whether it is within bounds.
  package mutating func take(digits: Int, upTo limit: Int, from least: Int = 0) -> Bool {
    let start = offset
    guard take(count: digits, .digits) else { return false }
    let value = text[start..<offset].reduce(0) { $0 &* 10 &+ Int($1 & 0x0F) }
    return (least...limit).contains(value)
  }

  /// Takes all of a sequence, or nothing.
  package mutating func all(_ parts: (inout Self) -> Bool) -> Bool {
    let start = offset
    if parts(&self) { return true }
    offset = start
    return false
  }
}
