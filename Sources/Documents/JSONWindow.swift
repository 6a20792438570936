internal import LosslessJSON

/// The part of a JSON text that is being read: what comes is added, what was taken is dropped.
struct JSONWindow {
  /// Beyond this a window gives back its memory when the text that needed it was taken.
  private static let keptBytes = 1 << 20

  private let feed: BoundedFeed
  private var bytes: [UInt8] = []
  private var index = 0
  /// The bytes that were dropped.
  private var dropped = 0
  private var isAtEnd = false

  /// The line on which it stands.
  private(set) var line = 1

  init(_ feed: BoundedFeed) { self.feed = feed }

  /// An error at the byte on which it stands.
  func failure(_ reason: String) -> DocumentError {
    DocumentError(line: line, reason: "\(reason), at byte \(dropped + index)")
  }

  private static func cut(_ line: Int) -> DocumentError {
    DocumentError(line: line, reason: "the file ends inside a JSON value")
  }

  /// What stands here, for an error.
  mutating func found() throws -> String {
    guard let byte = try peek() else { return "the end of the file" }
    return (0x21...0x7E).contains(byte)
      ? "'\(Unicode.Scalar(byte))'" : "the byte 0x\(String(byte, radix: 16))"
  }

  /// Skips a byte order mark, and says of one that is not of UTF-8 that it cannot be read.
  mutating func skipMark() throws {
    while bytes.count - index < 3, try grow() {}
    let start = bytes[index...].prefix(3)
    if start.elementsEqual([0xEF, 0xBB, 0xBF]) { index += 3 }
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      throw failure("expected JSON in UTF-8, found UTF-16: convert the file")
    }
  }

  /// The next byte that is no white space, without taking it; nil at the end.
  mutating func peek() throws -> UInt8? {
    while true {
      while index < bytes.count {
        switch bytes[index] {
        case 0x0A:
          line += 1
          index += 1
        case 0x20, 0x09, 0x0D: index += 1
        case let byte: return byte
        }
      }
      guard try grow() else { return nil }
    }
  }

  /// Takes the byte that was looked at.
  mutating func skip() { index += 1 }

  /// Takes a string, on whose quote it stands, and returns the bytes that it stands for.
  mutating func string() throws -> [UInt8] {
    var length = 1
    search: while true {
      while index + length < bytes.count {
        switch bytes[index + length] {
        // What JSON does not allow there is for the scanner to name.
        case UInt8(ascii: "\""), 0..<0x20: break search
        case UInt8(ascii: "\\"): length += 2
        default: length += 1
        }
      }
      guard try grow() else { throw Self.cut(line) }
    }
    return try take { (scanner) throws(JSONError) in try scanner.string() }
  }

  /// Takes a number and returns its text.
  mutating func number() throws -> [UInt8] {
    try lookAhead { "+-.eE0123456789".utf8.contains($0) }
    return try take { (scanner) throws(JSONError) in
      Array(scanner.text[try scanner.number()])
    }
  }

  /// Takes a literal name.
  mutating func literal(_ name: String) throws {
    let end = try lookAhead { (0x61...0x7A).contains($0) }
    let word = String(decoding: bytes[index..<end], as: UTF8.self)
    guard word == name else {
      if isAtEnd, end == bytes.count, name.hasPrefix(word) { throw Self.cut(line) }
      throw failure("expected the word '\(name)', found '\(word.prefix(20))'")
    }
    index = end
  }

  /// Pulls until a byte is there that does not go on with what stands here, and says where it is.
  @discardableResult
  private mutating func lookAhead(_ goesOn: (UInt8) -> Bool) throws -> Int {
    var length = 1
    repeat {
      while index + length < bytes.count {
        guard goesOn(bytes[index + length]) else { return index + length }
        length += 1
      }
    } while try grow()
    return bytes.count
  }

  /// Takes what is wholly there by the grammar of JSON.
  private mutating func take<Value>(
    _ body: (inout JSONScanner) throws(JSONError) -> Value
  ) throws -> Value {
    let start = index
    let (value, length) = try bytes.withUnsafeBufferPointer { bytes in
      var scanner = JSONScanner(UnsafeBufferPointer(rebasing: bytes[start...]))
      do throws(JSONError) {
        let value = try body(&scanner)
        return (value, scanner.index)
      } catch {
        // A number that ends with the file may have gone on.
        let isCut = isAtEnd && start + error.offset >= bytes.count
        throw isCut
          ? Self.cut(line)
          : DocumentError(
            line: line,
            reason: "the JSON \(error.reason), at byte \(dropped + start + error.offset)")
      }
    }
    index += length
    if bytes.capacity > Self.keptBytes { drop() }
    return value
  }

  /// Adds the next bytes, and says whether there are any.
  private mutating func grow() throws -> Bool {
    guard !isAtEnd else { return false }
    let more: [UInt8]
    do {
      more = try feed.next()
    } catch let error as DocumentError {
      throw DocumentError(line: line, reason: error.reason)
    }
    isAtEnd = more.isEmpty
    guard !isAtEnd else { return false }
    if index > 0 { drop() }
    if bytes.isEmpty { bytes = more } else { bytes += more }
    return true
  }

  /// Forgets what was taken.
  private mutating func drop() {
    bytes = index < bytes.count ? Array(bytes[index...]) : []
    dropped += index
    index = 0
  }
}
