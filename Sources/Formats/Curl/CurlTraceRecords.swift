internal import Documents

/// Reads the records of a trace: a line that says what it is, and rows of bytes.
struct CurlTraceRecords {
  /// Whether the rows are text, of which only printable characters are kept; false before the
  /// first row.
  private(set) var isPrintable = false
  /// The line that was read last.
  var lineNumber: Int { lines.number - (peeked == nil ? 0 : 1) }

  private var lines: LineReader
  private var peeked: ArraySlice<UInt8>?
  private var clock = CurlClock()
  private var isHex: Bool?
  private let limitBytes: Int

  /// Creates a reader that stands before the first record.
  init(_ input: ImportInput) {
    lines = LineReader(input)
    limitBytes = input.limits.nodeBytes
  }

  /// A line that begins a record.
  struct Heading {
    var kind: CurlConversation.Kind
    var transfer: Int?
    /// The words of an info, or the count of bytes as it stands there.
    var rest: ArraySlice<UInt8>
  }

  private static let marks: [(mark: String, kind: CurlConversation.Kind)] = [
    ("== Info: ", .info), ("=> Send header, ", .sentHeader), ("=> Send data, ", .sentData),
    ("<= Recv header, ", .receivedHeader), ("<= Recv data, ", .receivedData),
    ("=> Send SSL data, ", .handshake), ("<= Recv SSL data, ", .handshake),
  ]

  /// Reads a line that begins a record, its time taken off, or is nil where it begins none.
  static func heading(of line: ArraySlice<UInt8>) -> Heading? {
    var line = line
    var transfer: Int?
    // With --trace-ids: `[0-0] ` or `[0-x] `, the transfer and its connection.
    if line.first == UInt8(ascii: "["), let close = line.prefix(48).firstIndex(of: 0x5D) {
      let ids = line[(line.startIndex + 1)..<close]
      guard ids.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x78 }) else {
        return nil
      }
      transfer = Int(String(decoding: ids.prefix { (0x30...0x39).contains($0) }, as: UTF8.self))
      line = line[(close + 1)...].drop { $0 == 0x20 }
    }
    guard line.first == UInt8(ascii: "=") || line.first == UInt8(ascii: "<") else { return nil }
    for (mark, kind) in marks where line.starts(with: mark.utf8) {
      return Heading(kind: kind, transfer: transfer, rest: line.dropFirst(mark.utf8.count))
    }
    return nil
  }

  /// The next record, or nil at the end.
  mutating func next() throws -> CurlConversation.Record? {
    while let line = try line() {
      let number = lines.number
      let (at, rest) = clock.take(line)
      guard let heading = Self.heading(of: rest) else {
        guard Self.row(line) == nil else {
          throw ImportError(
            "expected a record, as \"<= Recv data, 12 bytes (0xc)\", found a row of bytes that "
              + "belongs to none", line: number)
        }
        continue
      }
      var record = CurlConversation.Record(
        kind: heading.kind, at: at, transfer: heading.transfer, line: number)
      if heading.kind == .info {
        record.bytes = Array(heading.rest)
      } else {
        record.bytes = try rows(count(in: heading.rest, number), number)
      }
      return record
    }
    return nil
  }

  private func count(in words: ArraySlice<UInt8>, _ number: Int) throws -> Int {
    let digits = words.prefix { (0x30...0x39).contains($0) }
    let shown = String(decoding: words.prefix(30), as: UTF8.self)
    guard let count = Int(String(decoding: digits, as: UTF8.self)),
      words[digits.endIndex...].starts(with: " bytes".utf8)
    else {
      throw ImportError(
        "expected a count of bytes, as \"12 bytes (0xc)\", found \"\(shown)\"", line: number)
    }
    guard count <= limitBytes else {
      throw ImportError(
        "expected at most \(limitBytes) bytes in a record, found \"\(shown)\"", line: number)
    }
    return count
  }

  private mutating func line() throws -> ArraySlice<UInt8>? {
    if let line = peeked {
      peeked = nil
      return line
    }
    return try lines.next()
  }

  private mutating func peek() throws -> ArraySlice<UInt8>? {
    if peeked == nil { peeked = try lines.next() }
    return peeked
  }

  /// The offset that a row begins with, and what stands behind it, or nil where a line is no row.
  private static func row(_ line: ArraySlice<UInt8>) -> (offset: Int, rest: ArraySlice<UInt8>)? {
    var offset = 0
    var place = line.startIndex
    while place < line.endIndex, place - line.startIndex < 12, let digit = nibble(line[place]) {
      offset = offset << 4 | Int(digit)
      place += 1
    }
    guard place - line.startIndex >= 4, place < line.endIndex, line[place] == 0x3A else {
      return nil
    }
    place += 1
    if place < line.endIndex {
      guard line[place] == 0x20 else { return nil }
      place += 1
    }
    return (offset, line[place...])
  }

  /// Reads the rows of a record of so many bytes.
  private mutating func rows(_ count: Int, _ number: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(count, 1 << 20))
    while let line = try peek(), let (offset, rest) = Self.row(line) {
      let isNext = offset == bytes.count
      let isHex = self.isHex ?? Self.isHex(rest)
      guard isNext || !isHex && offset > bytes.count, offset <= count else {
        throw ImportError(
          "expected the row of byte \(bytes.count) of \(count), found that of byte \(offset)",
          line: lines.number)
      }
      self.isHex = isHex
      isPrintable = !isHex
      if !isHex { Self.fill(&bytes, upTo: offset) }
      peeked = nil
      let place = lines.number
      if isHex {
        try takeHex(rest, min(16, count - bytes.count), into: &bytes, line: place)
      } else {
        bytes += rest.prefix(count - offset)
      }
    }
    if isHex == false, try peek() != nil { Self.fill(&bytes, upTo: count) }
    if isHex == false, count - bytes.count == 2 { Self.fill(&bytes, upTo: count) }
    // Where the file stops in a record, what is there counts.
    guard try bytes.count == count || peek() == nil else {
      throw ImportError("expected \(count) bytes in the record, found \(bytes.count)", line: number)
    }
    return bytes
  }

  private mutating func takeHex(
    _ row: ArraySlice<UInt8>, _ count: Int, into bytes: inout [UInt8], line: Int
  ) throws {
    let found = row.withUnsafeBufferPointer { row -> Int in
      var place = 0
      for number in 0..<count {
        guard place + 1 < row.count, let high = Self.nibble(row[place]),
          let low = Self.nibble(row[place + 1])
        else { return number }
        bytes.append(high << 4 | low)
        place += 3
      }
      return count
    }
    guard try found == count || peek() == nil else {
      throw ImportError("expected \(count) bytes in hex in the row, found \(found)", line: line)
    }
  }

  /// Whether a row's bytes stand in hex, each with a blank behind it.
  private static func isHex(_ row: ArraySlice<UInt8>) -> Bool {
    let row = Array(row.prefix(3))
    guard row.count >= 2 else { return false }
    return nibble(row[0]) != nil && nibble(row[1]) != nil && (row.count < 3 || row[2] == 0x20)
  }

  /// Fills up what a row does not show: a line end of two bytes, and blanks that an editor took.
  private static func fill(_ bytes: inout [UInt8], upTo count: Int) {
    let missing = count - bytes.count
    guard missing > 0, missing <= 66 else { return }
    bytes += repeatElement(UInt8(ascii: " "), count: missing >= 2 ? missing - 2 : missing)
    if missing >= 2 { bytes += [0x0D, 0x0A] }
  }

  private static func nibble(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x66: byte - 0x61 + 10
    case 0x41...0x46: byte - 0x41 + 10
    default: nil
    }
  }
}
