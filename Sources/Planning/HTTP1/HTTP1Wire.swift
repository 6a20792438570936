internal import Cassettes
internal import HTTP
internal import Units

/// Wire bytes of HTTP/1 and actions, as they come about.
struct HTTP1Wire {
  private(set) var bytes: [UInt8] = []
  private(set) var actions: [Plan.Action] = []
  private(set) var times: [Plan.WireTime] = []
  var closes = false

  mutating func add(_ interim: [HTTPMessage.InterimHead]) {
    for head in interim { bytes += ResponseHeadText(interim: head).bytes }
  }

  /// Notes the times that a head names, which is to go out next at a time, wholly or not.
  mutating func note(_ times: [FieldTime], in head: [UInt8], at start: Microseconds) {
    for time in times {
      guard let place = time.place(in: head) else { continue }
      let range = bytes.count + place.lowerBound..<bytes.count + place.upperBound
      let lead = Microseconds(saturating: time.lead.wholeNanoseconds / 1000)
      self.times.append(Plan.WireTime(range: range, after: start + lead))
    }
  }

  mutating func add(head: [UInt8], _ part: HTTPMessage.HeadPart, at time: Microseconds) {
    let half = head.count / 2
    switch part {
    case .whole: addHead(head[...], at: time)
    case .half: addHead(head[..<half], at: time)
    case .halves(let second):
      addHead(head[..<half], at: time)
      addHead(head[half...], at: second)
    case .none: break
    }
  }

  private mutating func addHead(_ part: ArraySlice<UInt8>, at time: Microseconds) {
    bytes += part
    add(.head, at: time, body: bytes.count..<bytes.count)
  }

  mutating func add(bodyOf message: HTTPMessage, _ framing: HTTPMessage.Framing) {
    // There may be a chunk for each byte of a body.
    bytes.reserveCapacity(bytes.count + message.body.count + 8 * message.chunks.count)
    actions.reserveCapacity(message.chunks.count + 2)
    let rest = message.brokenPromise?.restBytes ?? 0
    var start = 0
    for (index, chunk) in message.chunks.enumerated() {
      send(
        message.body[start..<chunk.end], missing: index == message.chunks.count - 1 ? rest : 0,
        chunked: framing == .chunked, at: chunk.at)
      start = chunk.end
    }
  }

  /// Adds body bytes; where they miss some, the HTTP chunk promises these too and is not ended.
  private mutating func send(
    _ part: ArraySlice<UInt8>, missing: Int, chunked: Bool, at time: Microseconds
  ) {
    if chunked { bytes.append(chunkSizeLine: part.count + missing) }
    let start = bytes.count
    bytes += part
    let body = start..<bytes.count
    if chunked, missing == 0 { bytes.appendLineEnd() }
    add(.send, at: time, body: body)
  }

  /// Adds what ends a message of that framing, nil where it has no body.
  mutating func finish(_ message: HTTPMessage, _ framing: HTTPMessage.Framing?) {
    switch message.end {
    case .hang: return
    case .complete where framing == .chunked: bytes.append(lastChunk: message.trailers)
    case .disconnect where framing == .chunked: bytes += message.brokenPromise?.sizeLine ?? []
    // Without a head the line stands where a status line would, and is none of these either.
    case .malformed where framing == .chunked || message.status == nil: bytes.appendBrokenLine()
    case .complete, .disconnect, .reset, .malformed: break
    }
    add(.finish, at: message.endAt, body: bytes.count..<bytes.count)
  }

  private mutating func add(_ kind: Plan.Action.Kind, at time: Microseconds, body: Range<Int>) {
    actions.append(Plan.Action(kind: kind, at: time, wireEnd: bytes.count, body: body))
  }

  /// What the chunked coding adds to a chunk: its size in hexadecimal, and two line ends.
  static func framingBytes(of size: Int) -> Int {
    max(1, (Int.bitWidth - size.leadingZeroBitCount + 3) / 4) + 4
  }
}

extension HTTPMessage.BrokenPromise {
  fileprivate var restBytes: Int { if case .rest(let count) = self { count } else { 0 } }

  fileprivate var sizeLine: [UInt8] {
    guard case .chunk(let count) = self else { return [] }
    var line: [UInt8] = []
    line.append(chunkSizeLine: count)
    return line
  }
}

extension [UInt8] {
  /// Adds a chunk-size line, digit by digit. (RFC 9112, 7.1)
  mutating func append(chunkSizeLine size: Int) {
    var shift = Swift.max(0, (Int.bitWidth - 1 - size.leadingZeroBitCount) / 4 * 4)
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: size >> shift & 0xf)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      shift -= 4
    }
    appendLineEnd()
  }

  /// Adds the last chunk and the trailer section. (RFC 9112, 7.1)
  mutating func append(lastChunk trailers: [HeaderField]) {
    append(chunkSizeLine: 0)
    for field in trailers { append(field: field) }
    appendLineEnd()
  }

  /// Adds a line that is no chunk-size line.
  mutating func appendBrokenLine() { append(contentsOf: "zz\r\n".utf8) }

  /// Adds CR LF.
  mutating func appendLineEnd() {
    append(UInt8(ascii: "\r"))
    append(UInt8(ascii: "\n"))
  }
}
