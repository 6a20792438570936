/// The grammar once more, as plainly as it can be said: whole streams only, byte by byte, with a
/// decoder of its own, so that it shares nothing with the parser that it is compared with.
struct NaiveParser {
  private(set) var events: [SeenEvent] = []
  private(set) var dispatchOffsets: [Int] = []
  private(set) var lastID = ""
  private(set) var retry: UInt64?

  private var data: [UInt8] = []
  private var type: [UInt8] = []
  private var idBuffer: [UInt8] = []

  init(_ stream: [UInt8]) {
    var place = Array(stream.prefix(3)) == [0xEF, 0xBB, 0xBF] ? 3 : 0
    var line: [UInt8] = []
    while place < stream.count {
      let byte = stream[place]
      if byte == 13 || byte == 10 {
        if line.isEmpty { dispatch(at: place) } else { process(line) }
        line = []
        if byte == 13, place + 1 < stream.count, stream[place + 1] == 10 { place += 1 }
      } else {
        line.append(byte)
      }
      place += 1
    }
  }

  private mutating func process(_ line: [UInt8]) {
    var name = line
    var value: [UInt8] = []
    if let colon = line.firstIndex(of: 58) {
      name = Array(line[..<colon])
      value = Array(line[(colon + 1)...])
      if value.first == 32 { value.removeFirst() }
    }
    switch String(decoding: name, as: Unicode.ASCII.self) {
    case "data": data += value + [10]
    case "event": type = value
    case "id": if !value.contains(0) { idBuffer = value }
    case "retry": setRetry(value)
    default: break
    }
  }

  private mutating func setRetry(_ value: [UInt8]) {
    guard !value.isEmpty, value.allSatisfy({ (48...57).contains($0) }) else { return }
    retry = UInt64(String(decoding: value, as: Unicode.ASCII.self)) ?? .max
  }

  private mutating func dispatch(at offset: Int) {
    lastID = Self.decode(idBuffer)
    if !data.isEmpty {
      data.removeLast()
      let name = type.isEmpty ? "message" : Self.decode(type)
      events.append(SeenEvent(Self.decode(data), type: name, id: lastID))
      dispatchOffsets.append(offset)
    }
    data = []
    type = []
  }

  /// Decodes UTF-8 by table 3-7 of the Unicode Standard, one U+FFFD for each maximal subpart.
  static func decode(_ bytes: [UInt8]) -> String {
    let rows: [[ClosedRange<UInt8>]] = [
      [0x00...0x7F],
      [0xC2...0xDF, 0x80...0xBF],
      [0xE0...0xE0, 0xA0...0xBF, 0x80...0xBF],
      [0xE1...0xEC, 0x80...0xBF, 0x80...0xBF],
      [0xED...0xED, 0x80...0x9F, 0x80...0xBF],
      [0xEE...0xEF, 0x80...0xBF, 0x80...0xBF],
      [0xF0...0xF0, 0x90...0xBF, 0x80...0xBF, 0x80...0xBF],
      [0xF1...0xF3, 0x80...0xBF, 0x80...0xBF, 0x80...0xBF],
      [0xF4...0xF4, 0x80...0x8F, 0x80...0xBF, 0x80...0xBF],
    ]
    let payloads: [UInt32] = [0, 0x7F, 0x1F, 0x0F, 0x07]
    var text = ""
    var rest = bytes[...]
    while let lead = rest.first {
      let row = rows.first { $0[0].contains(lead) } ?? []
      var matched = 0
      for (byte, range) in zip(rest, row) where matched >= 0 {
        guard range.contains(byte) else { break }
        matched += 1
      }
      var value = UInt32(lead) & payloads[row.count]
      for byte in rest.prefix(matched).dropFirst() { value = value << 6 | UInt32(byte & 0x3F) }
      let isWhole = !row.isEmpty && matched == row.count
      text.unicodeScalars.append(isWhole ? Unicode.Scalar(value) ?? "\u{FFFD}" : "\u{FFFD}")
      rest = rest.dropFirst(Swift.max(matched, 1))
    }
    return text
  }
}
