/// A place that must not be written down as it is.
struct Cover: Hashable, Sendable {
  /// The bytes.
  var range: Range<Int>

  /// Whether they are a JSON number, which must stay one.
  var isNumber = false

  /// Puts `*` in place of each byte within `bounds`; of a number, 1 in place of each digit.
  ///
  /// A 1 is the only digit that is right everywhere: no number begins with a 0, and none is out of
  /// bounds that was not before. (RFC 8259, 6)
  func apply(to bytes: inout [UInt8], within bounds: Range<Int>) {
    for place in range.clamped(to: bounds) {
      if !isNumber {
        bytes[place] = UInt8(ascii: "*")
      } else if ByteTraits.of(bytes[place]).contains(.digit) {
        bytes[place] = UInt8(ascii: "1")
      }
    }
  }
}
