/// Reads the event stream grammar from bytes as they come, in pieces of any size.
///
/// A line ends with LF, CR, or CR LF. The pair may arrive split across two pieces, so a CR ends its
/// line at once and the LF that may follow is dropped when it comes: nothing waits for a byte that
/// may never arrive. What the pieces are makes no difference to the events, save that `block`
/// cannot hold a LF that has not come. No input is an error. (WHATWG HTML, 9.2.6)
public struct EventStreamParser: Sendable {
  /// The last event ID in force: a blank line commits the `id` field before it, with data or
  /// without.
  public private(set) var lastEventID = ""

  /// The last valid `retry` field, in force as soon as its line has ended; nil if there was none.
  ///
  /// A number that does not fit is `UInt64.max`.
  public private(set) var reconnectionTimeMilliseconds: UInt64?

  /// How many events were left out because they needed more bytes than the limit.
  public private(set) var droppedEvents = 0

  /// How many bytes were fed so far.
  public private(set) var offset = 0

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private var pending: PendingEvent

  /// The part that has come of a line whose end has not.
  private var heldLine: [UInt8] = []

  /// Whether what comes of the line is passed over: it has no meaning, or it did not fit.
  private var passesOverLine = false

  /// Whether a LF that comes next belongs to the CR that ended the line.
  private var swallowsLineFeed = false

  /// How many bytes of a leading byte order mark have come; nil once it cannot come any more.
  private var markBytes: Int? = 0

  /// Where the block of the next event begins.
  private var blockStart = 0

  /// Creates a parser that stands before the first byte of a stream.
  ///
  /// - Parameter eventLimitBytes: The most bytes that the fields of one event may need, and at
  ///   least 64. An event beyond is left out and counted in `droppedEvents`. What the parser holds
  ///   is bounded by a small multiple of it. Comments and unknown fields need nothing, however
  ///   long.
  public init(eventLimitBytes: Int = 64 << 20) {
    pending = PendingEvent(limitBytes: max(eventLimitBytes, 64))
  }

  /// Takes the next piece of the stream and hands over the events that it completes.
  ///
  /// - Parameters:
  ///   - bytes: The piece; it may be empty.
  ///   - chunk: What the events' `chunk` shall be.
  ///   - emit: Receives each event, in order.
  /// - Throws: What `emit` throws. `offset` then stands behind that event, and parsing can go on
  ///   there.
  public mutating func parse(
    _ bytes: [UInt8], chunk: Int = 0, _ emit: (ServerSentEvent) throws -> Void
  ) rethrows {
    try bytes.withUnsafeBufferPointer { try parse($0, chunk: chunk, emit) }
  }

  /// Takes the next piece of the stream and hands over the events that it completes.
  ///
  /// - Parameters:
  ///   - bytes: The piece; it may be empty. It is not kept.
  ///   - chunk: What the events' `chunk` shall be.
  ///   - emit: Receives each event, in order.
  /// - Throws: What `emit` throws. `offset` then stands behind that event, and parsing can go on
  ///   there.
  public mutating func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, chunk: Int = 0, _ emit: (ServerSentEvent) throws -> Void
  ) rethrows {
    let base = offset
    var position = startOfText(in: bytes)
    while position < bytes.count {
      let lineEnd = bytes.firstLineEnd(from: position)
      let part = bytes.part(position..<lineEnd)
      guard lineEnd < bytes.count else {
        hold(part)
        break
      }
      let isBlank = endLine(with: part)
      position = lineEnd + 1
      if bytes[lineEnd] == .carriageReturn {
        if position == bytes.count {
          swallowsLineFeed = true
        } else if bytes[position] == .lineFeed {
          position += 1
        }
      }
      guard isBlank else { continue }
      offset = base + position
      if let event = dispatch(at: base + lineEnd, chunk: chunk) { try emit(event) }
    }
    offset = base + bytes.count
  }

  /// Ends the stream: what no blank line has ended is dropped, an `id` in it too.
  ///
  /// Bytes fed afterwards begin a new stream, in which `lastEventID` and
  /// `reconnectionTimeMilliseconds` are kept, as a client keeps them when it connects again, and
  /// offsets count on.
  public mutating func finish() {
    pending = PendingEvent(limitBytes: pending.limitBytes)
    heldLine = []
    passesOverLine = false
    swallowsLineFeed = false
    markBytes = 0
    blockStart = offset
  }
}

extension EventStreamParser {
  /// Passes over the LF of a split CR LF and a leading byte order mark, which may come split too.
  ///
  /// - Returns: The offset in `bytes` where lines begin.
  private mutating func startOfText(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard let first = bytes.first else { return 0 }
    if swallowsLineFeed {
      swallowsLineFeed = false
      guard first == .lineFeed else { return 0 }
      if blockStart == offset { blockStart += 1 }
      return 1
    }
    guard var count = markBytes else { return 0 }
    var position = 0
    while position < bytes.count, count < Self.byteOrderMark.count {
      guard bytes[position] == Self.byteOrderMark[count] else {
        // It was none: what looked like its start in an earlier piece is the line's.
        heldLine = Array(Self.byteOrderMark[..<(count - position)])
        markBytes = nil
        return 0
      }
      count += 1
      position += 1
    }
    markBytes = count == Self.byteOrderMark.count ? nil : count
    return position
  }

  /// Keeps the part of a line whose end is still to come, where the line can have a meaning.
  private mutating func hold(_ part: UnsafeBufferPointer<UInt8>) {
    guard !passesOverLine, !part.isEmpty else { return }
    let decided = EventStreamField.longestPrefixBytes
    if heldLine.count < decided {
      let missing = min(decided - heldLine.count, part.count)
      heldLine.append(contentsOf: part[..<missing])
      guard isWorthHolding else { return passOverLine() }
      holdRest(part.part(missing..<part.count))
    } else {
      holdRest(part)
    }
  }

  /// Whether the line held so far can become a field with a meaning.
  private var isWorthHolding: Bool {
    guard heldLine.count >= EventStreamField.longestPrefixBytes else { return true }
    return heldLine.withUnsafeBufferPointer { EventStreamField.name(atStartOf: $0) != nil }
  }

  private mutating func holdRest(_ rest: UnsafeBufferPointer<UInt8>) {
    guard pending.hasRoom(forLineOf: heldLine.count + rest.count) else {
      pending.spoil()
      return passOverLine()
    }
    heldLine.append(contentsOf: rest)
  }

  private mutating func passOverLine() {
    passesOverLine = true
    heldLine = []
  }

  /// Takes the last part of a line.
  ///
  /// - Returns: Whether the line was blank.
  private mutating func endLine(with part: UnsafeBufferPointer<UInt8>) -> Bool {
    if heldLine.isEmpty, !passesOverLine {
      if part.isEmpty { return true }
      take(line: part)
      return false
    }
    hold(part)
    if passesOverLine {
      passesOverLine = false
      return false
    }
    var line: [UInt8] = []
    swap(&line, &heldLine)
    line.withUnsafeBufferPointer { take(line: $0) }
    line.removeAll(keepingCapacity: line.capacity <= PendingEvent.keptCapacityBytes)
    swap(&line, &heldLine)
    return false
  }

  private mutating func take(line: UnsafeBufferPointer<UInt8>) {
    guard let field = EventStreamField(line: line) else { return }
    guard pending.hasRoom(forLineOf: line.count) else { return pending.spoil() }
    switch field.name {
    case .data: pending.append(field.value)
    case .event: pending.setType(field.value)
    case .id: pending.setID(field.value)
    case .retry:
      if let time = field.value.decimalDigits { reconnectionTimeMilliseconds = time }
    }
  }

  /// Dispatches at a blank line that ends before `offset`; nil where there is no event to emit.
  private mutating func dispatch(at terminator: Int, chunk: Int) -> ServerSentEvent? {
    if let id = pending.takeID() { lastEventID = id }
    if pending.isOverLimit { droppedEvents += 1 }
    guard let (type, data) = pending.take() else { return nil }
    defer { blockStart = offset }
    return ServerSentEvent(
      type: type, data: data, lastEventID: lastEventID, block: blockStart..<offset,
      dispatchOffset: terminator, chunk: chunk)
  }
}
