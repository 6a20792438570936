/// A text of a URL or a form as its reader gets it, and where each byte of that stands. (RFC 3986,
/// 2.1)
struct PercentDecoded {
  private(set) var bytes: [UInt8] = []
  /// Where each byte begins in the text, and where the text ends.
  private var starts: [Int] = []

  init(_ text: ArraySlice<UInt8>) {
    var rest = text
    while let byte = rest.first {
      starts.append(rest.startIndex)
      let digits = rest.dropFirst().prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        digits.allSatisfy({ ByteTraits.of($0).contains(.hexadecimal) }),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    starts.append(text.endIndex)
  }

  /// Puts `*` in the text wherever `redact` changes what it means.
  static func redact(_ text: inout [UInt8], _ redact: (inout [UInt8]) -> Void) {
    guard text.contains(UInt8(ascii: "%")) else { return }
    let decoded = PercentDecoded(text[...])
    var redacted = decoded.bytes
    redact(&redacted)
    for (index, byte) in redacted.enumerated() where byte != decoded.bytes[index] {
      for place in decoded.starts[index]..<decoded.starts[index + 1] {
        text[place] = UInt8(ascii: "*")
      }
    }
  }
}
