internal import LosslessJSON

/// Events as the bytes that a server would send.
enum EventText {
  /// An event with a JSON value for its data, and its blank line.
  static func event(_ type: String? = nil, _ data: JSONValue) -> [UInt8] {
    (type.map { Array("event: \($0)\n".utf8) } ?? []) + Array("data: ".utf8) + data.bytes
      + Array("\n\n".utf8)
  }

  /// A comment that keeps a connection alive. (WHATWG HTML, 9.2.7)
  static let commentPing = Array(": ping\n\n".utf8)
}
