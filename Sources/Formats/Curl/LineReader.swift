internal import Documents

/// Reads the lines of a feed, and counted bytes between them, without holding more than one piece.
struct LineReader {
  /// The number of the line that was read last, from 1.
  private(set) var number = 0

  private let feed: ByteFeed
  private let limitBytes: Int
  private var held: [UInt8] = []
  private var start = 0
  private var isOver = false

  private static let pieceBytes = 256 << 10

  /// Creates a reader that stands before the first line of an input.
  init(_ input: ImportInput) {
    feed = input.feed
    limitBytes = input.limits.nodeBytes
  }

  /// The next line without its LF or CR LF, or nil at the end.
  ///
  /// - Throws: An `ImportError` where a line has more bytes than one node may have.
  mutating func next() throws -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = Self.lineEnd(in: held, from: searched) {
        let isAfterReturn = end > start && held[end - 1] == 0x0D
        let line = held[start..<(isAfterReturn ? end - 1 : end)]
        start = end + 1
        number += 1
        return line
      }
      let known = held.count - start
      guard try fill() else {
        guard start < held.count else { return nil }
        defer { start = held.count }
        number += 1
        return held[start...]
      }
      guard held.count - start <= limitBytes else {
        throw ImportError("has more than \(limitBytes) bytes, which is the limit", line: number + 1)
      }
      searched = start + known
    }
  }

  /// The next bytes, as many as are asked for, or what is left of them.
  mutating func take(_ count: Int) throws -> [UInt8] {
    while held.count - start < count, try fill() {}
    let taken = Array(held[start...].prefix(count))
    start += taken.count
    number += taken.count { $0 == 0x0A }
    return taken
  }

  /// Reads another piece; false at the end of the feed.
  private mutating func fill() throws -> Bool {
    guard !isOver else { return false }
    let piece = try feed(Self.pieceBytes)
    guard number > 0 || !held.isEmpty || !Opening.isUTF16(piece) else {
      throw ImportError("expected text in UTF-8, found UTF-16: convert the file", line: 1)
    }
    guard !piece.isEmpty else {
      isOver = true
      return false
    }
    if start > 0 {
      held.removeFirst(start)
      start = 0
    }
    held += piece
    return true
  }

  private static func lineEnd(in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index < bytes.count {
        if bytes[index] == 0x0A { return index }
        index += 1
      }
      return nil
    }
  }
}

extension Opening {
  /// Its whole lines, and the last one as far as it goes, without their ends.
  var lines: [ArraySlice<UInt8>] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      line.last == 0x0D ? line.dropLast() : line
    }
  }
}
