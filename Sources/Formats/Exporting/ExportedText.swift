internal import Cassettes
internal import LosslessJSON
internal import Units

/// What several formats write alike.
enum ExportedText {
  /// A count of microseconds in a larger unit: exact, without zeros at the end.
  ///
  /// - Parameters:
  ///   - count: The microseconds.
  ///   - digits: How many of its digits stand behind the point: 3 for milliseconds, 6 for seconds.
  /// - Returns: The number, as JSON writes it.
  static func decimal(_ count: Int64, digits: Int) -> String {
    let sign = count < 0 ? "-" : ""
    let text = String(count.magnitude)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.utf8.count)) + text
    var fraction = padded.suffix(digits)
    while fraction.last == "0" { fraction.removeLast() }
    return sign + padded.dropLast(digits) + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// A JSON number of milliseconds.
  static func milliseconds(_ time: Microseconds) -> JSONValue {
    .number(decimal(time.count, digits: 3))
  }

  /// An absolute URL of what was asked, which many formats need; of a path it is on localhost.
  static func url(of request: RecordedRequest) -> String {
    request.url ?? "http://localhost\(request.target)"
  }

  /// Bytes as JSON: as a text where they are UTF-8, else in base64.
  static func text(_ bytes: [UInt8]) -> (value: JSONValue, isBase64: Bool) {
    UTF8Check.isValid(bytes)
      ? (.string(bytes), false) : (.string(Base64.encode(bytes)), true)
  }
}

extension JSONValue.Member {
  /// A member whose value is a text.
  init(_ key: String, text: String) { self.init(key, .string(text)) }
}

extension Exchange {
  /// The bytes of a chunk.
  func bytes(ofChunk index: Int) -> [UInt8] { Array(body[range(ofChunk: index)]) }
}
