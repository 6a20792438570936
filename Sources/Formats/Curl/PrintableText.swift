internal import HTTP

/// Rebuilds line ends in text of which every byte that is no printable ASCII stands as a dot.
enum PrintableText {
  /// What the text is, which says where line ends can be.
  enum Kind {
    case events, json, other

    /// Creates the kind that the fields of a head name.
    init(_ fields: [HeaderField]) {
      let type = fields.value(of: "content-type")?.lowercased() ?? ""
      self = type.hasPrefix("text/event-stream") ? .events : type.contains("json") ? .json : .other
    }
  }

  private static let dot = UInt8(ascii: ".")

  /// Rebuilds what can be rebuilt, in place.
  ///
  /// - Returns: Whether a dot is left, which may be one or another character.
  static func mend(_ text: inout [UInt8], _ kind: Kind) -> Bool {
    switch kind {
    case .events: mendEvents(&text)
    case .json: _ = mendJSON(&text, from: 0)
    case .other: break
    }
    return text.contains(dot)
  }

  /// A line of JSON ends where its outermost value does; another ends with the dot in front of the
  /// next field, or with two dots. (WHATWG HTML, 9.2.6)
  private static func mendEvents(_ text: inout [UInt8]) {
    var place = 0
    while place < text.count {
      if text[place...].starts(with: "data:".utf8) {
        let value = text[(place + 5)...].firstIndex { $0 != 0x20 } ?? text.count
        if value < text.count, [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(text[value]),
          !text[value...].starts(with: "[DONE]".utf8)
        {
          place = mendJSON(&text, from: value)
        }
      }
      place = mendLineEnd(&text, from: place)
    }
  }

  /// Makes line ends of the dots behind a line.
  ///
  /// - Returns: Where the next line begins.
  private static func mendLineEnd(_ text: inout [UInt8], from start: Int) -> Int {
    var place = start
    while place < text.count {
      guard text[place] == dot || text[place] == 0x0A else {
        place += 1
        continue
      }
      let end = text[place...].firstIndex { $0 != dot && $0 != 0x0A && $0 != 0x0D } ?? text.count
      let isBehindJSON = place == start
      if isBehindJSON || end == text.count || beginsField(text[end...]) || text[place] == 0x0A {
        // Two line ends end an event; what stands in front of them belongs to the line.
        let first = isBehindJSON ? place : max(place, end - 2)
        for index in first..<end where text[index] == dot { text[index] = 0x0A }
        return end
      }
      place = end
    }
    return place
  }

  private static func beginsField(_ text: ArraySlice<UInt8>) -> Bool {
    ["data: ", "event: ", "id: ", "retry: ", ": "].contains { text.starts(with: $0.utf8) }
  }

  /// Makes line ends of the dots outside strings and numbers.
  ///
  /// - Returns: The place behind the value that begins at `start`.
  private static func mendJSON(_ text: inout [UInt8], from start: Int) -> Int {
    var depth = 0
    var isString = false
    var place = start
    while place < text.count {
      let byte = text[place]
      if isString {
        if byte == UInt8(ascii: "\\") { place += 1 }
        isString = byte != UInt8(ascii: "\"")
      } else if byte == UInt8(ascii: "\"") {
        isString = true
      } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        depth += 1
      } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        depth -= 1
        if depth <= 0 { return place + 1 }
      } else if byte == dot, !isInNumber(text, place) {
        text[place] = 0x0A
      }
      place += 1
    }
    return text.count
  }

  private static func isInNumber(_ text: [UInt8], _ place: Int) -> Bool {
    guard place > 0, place + 1 < text.count else { return false }
    return (0x30...0x39).contains(text[place - 1]) && (0x30...0x39).contains(text[place + 1])
  }
}
