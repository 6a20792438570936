internal import HTTP

extension HeaderField {
  /// A field of a file, whose value may hold what went over the wire as bytes of UTF-8, and what no
  /// field can hold.
  static func imported(_ name: String, _ value: String) -> HeaderField {
    let bytes = Latin1.bytes(of: value) ?? Array(value.utf8)
    let sound = bytes.map { $0 == 0 || $0 == 0x0A || $0 == 0x0D ? UInt8(ascii: " ") : $0 }
    return HeaderField(name, bytes: sound[...].withoutBlanksAround)
  }
}
