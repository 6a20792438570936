/// Header values as the bytes that go over the wire, and back. (RFC 9110, 5.5)
package enum Latin1 {
  /// The bytes, or nil where a scalar is none.
  package static func bytes(of text: String) -> [UInt8]? {
    let utf8 = Array(text.utf8)
    guard utf8.contains(where: { $0 >= 0x80 }) else { return utf8 }
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// Each byte as one scalar.
  package static func string(of bytes: some Collection<UInt8>) -> String {
    guard bytes.contains(where: { $0 >= 0x80 }) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}
