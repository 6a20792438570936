internal import Units

/// Base64 as people write it into documents: broken into lines, with or without padding.
package enum Base64Text {
  /// The bytes that a text stands for, or nil where it is no base64. (RFC 4648, 4)
  package static func decoded(_ text: [UInt8]) -> [UInt8]? {
    var digits = text.filter { $0 > 0x20 }
    while digits.last == UInt8(ascii: "=") { digits.removeLast() }
    while digits.count % 4 != 0 { digits.append(UInt8(ascii: "=")) }
    var bytes: [UInt8] = []
    let isBase64 = digits.withUnsafeBufferPointer { Base64.append(decoding: $0, to: &bytes) }
    return isBase64 ? bytes : nil
  }
}
