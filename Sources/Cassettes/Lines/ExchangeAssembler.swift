internal import EventStream
internal import HTTP
internal import LosslessJSON
internal import Units

/// Puts exchanges together from the lines behind a cassette's first.
///
/// A line that is refused changes nothing, so that what came before it can still be had.
struct ExchangeAssembler {
  /// How many exchanges have begun.
  private(set) var count = 0

  /// The exchange whose end has not come yet.
  private var exchange: Exchange?

  /// Whether the line that was refused last is more than is taken, rather than wrong.
  private(set) var isBeyondLimits = false

  private let limits: CassetteLimits
  private var blocks = EventBlockCounter()
  private var clock = Microseconds.zero
  private var knownLines = 0

  /// Creates an assembler.
  ///
  /// - Parameters:
  ///   - limits: What is taken of one exchange and one line.
  ///   - count: How many exchanges stand before the first line that it is given.
  init(limits: CassetteLimits, count: Int = 0) {
    self.limits = limits
    self.count = count
  }

  /// Whether no exchange has begun that has not ended.
  var isIdle: Bool { exchange == nil }

  /// Takes one line, without its LF.
  ///
  /// - Returns: The exchange that this line ended, or that it interrupted by beginning the next.
  mutating func take(_ line: UnsafeBufferPointer<UInt8>) throws(CassetteError) -> Exchange? {
    if exchange?.head != nil, exchange?.trailers == nil, let before = exchange?.body.count,
      let interval = exchange?.readChunk(line)
    {
      guard let time = Microseconds(clock.count + interval) else {
        exchange?.body.removeSubrange(before...)
        throw Self.tooLate
      }
      try endChunk(at: time, from: before)
      return nil
    }
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return nil }
    let (interval, code, data) = try parts(of: line)
    if code == LineCode.request.rawValue { return try begin(data, interval: interval) }
    guard exchange != nil else {
      // What a later version writes between exchanges belongs to none of them.
      if LineCode(rawValue: code) == nil { return nil }
      throw CassetteError(.badData, "a '\(code.printable)' line needs a 'q' line before it")
    }
    guard let time = Microseconds(clock.count + interval) else { throw Self.tooLate }
    return try add(code: code, data: data, at: time)
  }

  /// Ends the exchange that is open, if one is, as interrupted at its last line.
  mutating func finish() -> Exchange? {
    var last = exchange.take()
    last?.ending = Ending(how: .interrupted, at: clock)
    return last
  }

  private static var tooLate: CassetteError {
    CassetteError(
      .badData, "the intervals add up to more than \(Microseconds.limit.count) microseconds")
  }

  /// Splits a line into its interval, code and data.
  private mutating func parts(
    of line: UnsafeBufferPointer<UInt8>
  ) throws(CassetteError) -> (Int64, String, JSONValue) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: line, nesting: limits.nesting, values: limits.values)
    } catch {
      switch error.reason {
      case .tooDeep: throw beyond("\(error) (--max-nesting)")
      case .tooMany: throw beyond("\(error) (--max-line-values)")
      default: break
      }
      throw CassetteError(.badData, "\(error)")
    }
    guard case .array(let parts) = value, parts.count == 3 else {
      throw CassetteError(.badData, "the line is not [interval, code, data]")
    }
    guard case .number(let digits) = parts[0],
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let interval = Int64(digits),
      interval <= Microseconds.limit.count
    else {
      throw CassetteError(
        .badData,
        "the interval must be a whole number of microseconds, 0 to \(Microseconds.limit.count)")
    }
    guard case .string(let bytes) = parts[1], let code = String(validating: bytes, as: UTF8.self)
    else { throw CassetteError(.badData, "the code must be a string") }
    return (interval, code, parts[2])
  }

  private mutating func beyond(_ reason: String) -> CassetteError {
    isBeyondLimits = true
    return CassetteError(.badData, reason)
  }

  private mutating func begin(
    _ data: JSONValue, interval: Int64
  ) throws(CassetteError) -> Exchange? {
    guard interval == 0 else {
      throw CassetteError(.badData, "the interval of a 'q' line must be 0")
    }
    let request = try RecordedRequest(line: data, ordinal: count + 1)
    let interrupted = finish()
    exchange = Exchange(request: request, ending: Ending(how: .interrupted))
    count += 1
    clock = .zero
    knownLines = 1
    blocks = EventBlockCounter()
    return interrupted
  }

  private mutating func add(
    code: String, data: JSONValue, at time: Microseconds
  ) throws(CassetteError) -> Exchange? {
    let hasHead = exchange?.head != nil
    let hasTrailers = exchange?.trailers != nil
    switch LineCode(rawValue: code) {
    case .head:
      guard !hasHead else { throw CassetteError(.badData, "a second 'h' line in one exchange") }
      exchange?.head = try ResponseHead(line: data, at: time)
    case .text, .bytes:
      guard hasHead, !hasTrailers else {
        throw CassetteError(.badData, "a '\(code)' line belongs after 'h' and before 't' and 'e'")
      }
      let before = exchange?.body.count ?? 0
      exchange?.body.append(contentsOf: try Self.chunk(code: code, data: data))
      try endChunk(at: time, from: before)
      return nil
    case .trailers:
      guard hasHead, !hasTrailers else {
        throw CassetteError(.badData, "one 't' line may stand after 'h' and before 'e'")
      }
      let fields = try [HeaderField](line: data, name: "the data of a 't' line")
      try fields.check()
      exchange?.trailers = Trailers(fields: fields, at: time)
    case .ending:
      let ending = try Ending(line: data, at: time)
      try ending.check(hasHead: hasHead)
      var ended = exchange.take()
      ended?.ending = ending
      return ended
    case .request, nil:
      guard (exchange?.asides.count ?? 0) < limits.asides else {
        throw beyond("the exchange has more than \(limits.asides) markers (--max-exchange-markers)")
      }
      exchange?.asides.append(Aside(code: code, data: data, place: knownLines, at: time))
      clock = time
      return nil
    }
    clock = time
    knownLines += 1
    return nil
  }

  /// Notes the end of a chunk whose bytes stand in the body from an offset on.
  private mutating func endChunk(
    at time: Microseconds, from start: Int
  ) throws(CassetteError) {
    var blocks = blocks
    let isTaken = exchange?.body.withUnsafeBufferPointer { body in
      let bytes = UnsafeBufferPointer(rebasing: body[start...])
      return blocks.take(bytes, upTo: limits.events) == bytes.count
    }
    self.blocks = blocks
    guard isTaken != false else {
      exchange?.body.removeSubrange(start...)
      throw beyond("the exchange has more than \(limits.events) events (--max-exchange-events)")
    }
    guard (exchange?.chunks.count ?? 0) < limits.chunks else {
      exchange?.body.removeSubrange(start...)
      throw beyond("the exchange has more than \(limits.chunks) chunks (--max-exchange-chunks)")
    }
    if let end = exchange?.body.count { exchange?.chunks.append(Chunk(end: end, at: time)) }
    clock = time
    knownLines += 1
  }

  private static func chunk(code: String, data: JSONValue) throws(CassetteError) -> [UInt8] {
    guard case .string(let text) = data else {
      throw CassetteError(.badData, "the data of a '\(code)' line must be a string")
    }
    if code == LineCode.bytes.rawValue {
      guard let bytes = Base64.decode(text) else {
        throw CassetteError(.badData, "the data of a 'b' line is not base64")
      }
      return bytes
    }
    guard UTF8Check.isValid(text) else {
      throw CassetteError(
        .badData, "the data of a 'd' line is not valid Unicode: such bytes belong in a 'b' line")
    }
    return text
  }
}

extension Exchange {
  /// Reads a chunk's line into the body, in place.
  fileprivate mutating func readChunk(_ line: UnsafeBufferPointer<UInt8>) -> Int64? {
    ChunkLine.read(line, into: &body)
  }
}
