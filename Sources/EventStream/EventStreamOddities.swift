/// What is odd about a whole body, legal or not: what `check` tells about a stream.
public struct EventStreamOddities: Sendable {
  /// The first oddities of each kind, in the order of their offsets.
  public private(set) var found: [EventStreamOddity] = []

  /// How many there are of each kind, those left out of `found` included.
  public private(set) var counts: [EventStreamOddity.Kind: Int] = [:]

  private let limitPerKind: Int

  /// Looks through a whole body.
  ///
  /// - Parameters:
  ///   - body: The bytes of the stream from its first.
  ///   - limitPerKind: How many of each kind `found` holds at most.
  public init(body: [UInt8], limitPerKind: Int = 8) {
    self.limitPerKind = limitPerKind
    body.withUnsafeBufferPointer { body in
      readBytes(of: body)
      readLines(of: body)
    }
    found.sort { $0.offset < $1.offset }
  }

  private mutating func note(_ kind: EventStreamOddity.Kind, at offset: Int, length: Int) {
    counts[kind, default: 0] += 1
    guard counts[kind, default: 0] <= limitPerKind else { return }
    found.append(EventStreamOddity(kind: kind, offset: offset, length: length))
  }

  /// What is odd about bytes, whatever line they stand in.
  private mutating func readBytes(of body: UnsafeBufferPointer<UInt8>) {
    var position = 0
    while position < body.count {
      if body[position] == 0 { note(.nul, at: position, length: 1) }
      let sequence = UTF8Sequence(in: body, at: position)
      if !sequence.isValid { note(.invalidUTF8, at: position, length: sequence.length) }
      position += sequence.length
    }
  }
}

extension EventStreamOddities {
  /// What the lines since the last blank line were.
  private struct Block {
    var start: Int
    var hasLines = false
    var hasFields = false
    var hasData = false
  }

  private enum LineEnd {
    case lineFeed, carriageReturn, pair

    init(of body: UnsafeBufferPointer<UInt8>, at offset: Int) {
      if body[offset] == .lineFeed {
        self = .lineFeed
      } else if offset + 1 < body.count, body[offset + 1] == .lineFeed {
        self = .pair
      } else {
        self = .carriageReturn
      }
    }

    var length: Int { self == .pair ? 2 : 1 }
  }

  /// What is odd about lines and blocks.
  private mutating func readLines(of body: UnsafeBufferPointer<UInt8>) {
    var position = 0
    if body.starts(with: [0xEF, 0xBB, 0xBF]) {
      note(.byteOrderMark, at: 0, length: 3)
      position = 3
    }
    var block = Block(start: position)
    var usual: LineEnd?
    while position < body.count {
      let end = body.firstLineEnd(from: position)
      guard end < body.count else { break }
      let lineEnd = LineEnd(of: body, at: end)
      if let usual, usual != lineEnd {
        note(.mixedLineEnds, at: position, length: end - position + lineEnd.length)
      }
      usual = lineEnd
      if end == position {
        readBlank(of: block, at: position, length: lineEnd.length)
        block = Block(start: end + lineEnd.length)
      } else {
        read(line: body.part(position..<end), at: position, in: &block)
      }
      position = end + lineEnd.length
    }
    if block.start < body.count {
      note(.unfinishedTail, at: block.start, length: body.count - block.start)
    }
  }

  private mutating func readBlank(of block: Block, at offset: Int, length: Int) {
    if !block.hasLines {
      note(.extraBlankLine, at: offset, length: length)
    } else if block.hasFields, !block.hasData {
      note(.blockWithoutData, at: block.start, length: offset + length - block.start)
    }
  }

  private mutating func read(
    line: UnsafeBufferPointer<UInt8>, at offset: Int, in block: inout Block
  ) {
    block.hasLines = true
    guard line.first != .colon else { return }
    guard let field = EventStreamField(line: line) else {
      return note(.unknownField, at: offset, length: line.count)
    }
    block.hasFields = true
    switch field.name {
    case .data: block.hasData = true
    case .event: break
    case .id: if field.value.contains(0) { note(.idWithNUL, at: offset, length: line.count) }
    case .retry:
      if field.value.decimalDigits == nil {
        note(.retryNotDigits, at: offset, length: line.count)
      }
    }
  }
}
