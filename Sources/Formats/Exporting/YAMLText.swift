internal import LosslessJSON
internal import Units

/// Writes block mappings of YAML whose scalars come back byte for byte, from readers of YAML 1.1
/// and 1.2 alike.
struct YAMLText {
  /// What was written.
  private(set) var bytes: [UInt8] = []

  /// Writes a line as it is.
  mutating func line(_ text: String) {
    bytes += text.utf8
    bytes.append(0x0A)
  }

  /// Writes a line that ends with a scalar; nil is null.
  mutating func line(_ front: String, scalar: [UInt8]?) {
    bytes += front.utf8
    if let scalar {
      let indent = front.utf8.prefix { $0 == 0x20 }.count + 2
      if UTF8Check.isValid(scalar) {
        append(quoted: scalar, indent: indent)
      } else {
        bytes += "!!binary \"".utf8 + Base64.encode(scalar) + [UInt8(ascii: "\"")]
      }
    } else {
      bytes += "null".utf8
    }
    bytes.append(0x0A)
  }

  /// Writes a line that ends with a key.
  mutating func line(_ front: String, key: String) {
    bytes += front.utf8
    let isPlain =
      key.utf8.contains(UInt8(ascii: "-"))
      && key.utf8.first.map { $0 | 0x20 }.map { (0x61...0x7A).contains($0) } == true
      && key.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || $0 == UInt8(ascii: "-") }
    if isPlain {
      bytes += key.utf8
    } else {
      append(quoted: Array(key.utf8), indent: 0)
    }
    line(":")
  }

  /// Writes a double-quoted scalar, a line of it on each line: a break behind a backslash is none,
  /// and neither are the spaces in front of the next line. (YAML 1.2.2, 7.3.1)
  private mutating func append(quoted text: [UInt8], indent: Int) {
    bytes.append(UInt8(ascii: "\""))
    var index = 0
    var beginsLine = false
    while index < text.count {
      let byte = text[index]
      if byte >= 0x80 {
        index = append(scalarAt: index, of: text)
        beginsLine = false
        continue
      }
      index += 1
      switch byte {
      case 0x0A where index < text.count:
        bytes += "\\n\\\n".utf8
        bytes += repeatElement(UInt8(ascii: " "), count: indent)
        beginsLine = true
        continue
      case 0x20 where beginsLine: bytes += "\\ ".utf8
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0x00..<0x20, 0x7F: escape(UInt32(byte), "\\x", digits: 2)
      default: bytes.append(byte)
      }
      beginsLine = false
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes one character beyond ASCII, and gives the index behind it.
  ///
  /// It is escaped where readers take it for a break, a mark, or nothing that may stand in a text.
  private mutating func append(scalarAt index: Int, of text: [UInt8]) -> Int {
    let length = text[index] < 0xE0 ? 2 : text[index] < 0xF0 ? 3 : 4
    let end = min(index + length, text.count)
    var scalar = UInt32(text[index]) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
    for byte in text[(index + 1)..<end] { scalar = scalar << 6 | UInt32(byte & 0x3F) }
    switch scalar {
    case 0x80..<0xA0: escape(scalar, "\\x", digits: 2)
    case 0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: escape(scalar, "\\u", digits: 4)
    default: bytes += text[index..<end]
    }
    return end
  }

  private mutating func escape(_ scalar: UInt32, _ front: String, digits: Int) {
    let text = String(scalar, radix: 16)
    bytes += front.utf8
    bytes += repeatElement(UInt8(ascii: "0"), count: max(0, digits - text.utf8.count))
    bytes += text.utf8
  }
}
