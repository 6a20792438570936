internal import Cassettes
package import HTTP

extension Draft {
  /// The draft as wire bytes and the times at which they go out. (RFC 9112, 6 and 7.1)
  func rendered(for client: ClientTraits) -> Rendering {
    var rendering = Rendering()
    let hasNoBody = client.wantsHeadOnly || status == 204 || status == 304
    // HTTP/1.0 knows no chunked coding: there the connection's end is the body's.
    let framing = client.speaksHTTP10 && self.framing == .chunked ? .eof : self.framing
    rendering.closes = client.closes || (framing == .eof && !hasNoBody)
    if let status, headPart != .none {
      if !client.speaksHTTP10 { rendering.wire += interim }
      let head = ResponseHeadText(
        status: status, headers: headers, framing: hasNoBody ? nil : framing,
        closes: rendering.closes)
      rendering.head(head.bytes, headPart, at: headAt)
      if !hasNoBody {
        rendering.reserve(chunks.count, bytes: body.count)
        var start = 0
        for (index, chunk) in chunks.enumerated() {
          let missing = index == chunks.count - 1 ? brokenPromise?.restBytes ?? 0 : 0
          rendering.send(
            body[start..<chunk.end], missing: missing, chunked: framing == .chunked, at: chunk.at)
          start = chunk.end
        }
      }
    }
    switch end {
    case .hang: break
    case .complete where framing == .chunked && !hasNoBody:
      rendering.finish(Self.lastChunk(trailers), at: endAt)
    // Without a head the line stands where a status line would, and is none of these either.
    case .disconnect where framing == .chunked && !hasNoBody:
      rendering.finish(brokenPromise?.sizeLine ?? [], at: endAt)
    case .badChunk where (framing == .chunked && !hasNoBody) || status == nil:
      rendering.finish(Array("zz\r\n".utf8), at: endAt)
    default: rendering.finish([], at: endAt)
    }
    return rendering
  }

  /// How many bytes the body and its framing need, which are nearly all that goes out.
  func wireBytes() -> Int {
    guard framing == .chunked else { return interim.count + body.count }
    var start = 0
    return chunks.reduce(interim.count + body.count) { sum, chunk in
      defer { start = chunk.end }
      return sum + Rendering.framingBytes(of: chunk.end - start)
    }
  }

  /// The status code that a client gets to know.
  var visibleStatus: Int? {
    switch headPart {
    case .whole, .halves: status
    case .half, .none: nil
    }
  }

  /// What a client sees at the end.
  var ending: Plan.Ending {
    switch end {
    case .complete: .complete
    case .disconnect, .badChunk: .disconnect
    case .reset: .reset
    case .hang: .hang
    }
  }

  static func lastChunk(_ trailers: [HeaderField]) -> [UInt8] {
    var bytes = Array("0\r\n".utf8)
    for field in trailers { bytes.append(field: field) }
    bytes.append(contentsOf: "\r\n".utf8)
    return bytes
  }
}

extension Draft.BrokenPromise {
  fileprivate var restBytes: Int { if case .rest(let count) = self { count } else { 0 } }

  fileprivate var sizeLine: [UInt8] {
    guard case .chunk(let count) = self else { return [] }
    var line: [UInt8] = []
    line.append(chunkSizeLine: count)
    return line
  }
}

/// Wire bytes and actions, as they come about.
struct Rendering {
  var wire: [UInt8] = []
  var actions: [Plan.Action] = []
  var closes = false

  mutating func head(_ bytes: [UInt8], _ part: Draft.HeadPart, at time: Microseconds) {
    let half = bytes.count / 2
    switch part {
    case .whole: addHead(bytes[...], at: time)
    case .half: addHead(bytes[..<half], at: time)
    case .halves(let second):
      addHead(bytes[..<half], at: time)
      addHead(bytes[half...], at: second)
    case .none: break
    }
  }

  private mutating func addHead(_ bytes: ArraySlice<UInt8>, at time: Microseconds) {
    wire += bytes
    add(.head, at: time, body: wire.count..<wire.count)
  }

  /// Adds body bytes; where they miss some, the HTTP chunk promises these too and is not ended.
  mutating func send(
    _ bytes: ArraySlice<UInt8>, missing: Int, chunked: Bool, at time: Microseconds
  ) {
    if chunked { wire.append(chunkSizeLine: bytes.count + missing) }
    let start = wire.count
    wire += bytes
    let body = start..<wire.count
    if chunked, missing == 0 { wire.appendLineEnd() }
    add(.send, at: time, body: body)
  }

  /// Makes room for so many chunks more: there may be one for each byte of a body.
  mutating func reserve(_ chunks: Int, bytes: Int) {
    wire.reserveCapacity(wire.count + bytes + 8 * chunks)
    actions.reserveCapacity(chunks + 2)
  }

  /// What the chunked coding adds to a chunk: its size in hexadecimal, and two line ends.
  static func framingBytes(of size: Int) -> Int {
    max(1, (Int.bitWidth - size.leadingZeroBitCount + 3) / 4) + 4
  }

  mutating func finish(_ bytes: [UInt8], at time: Microseconds) {
    wire += bytes
    add(.finish, at: time, body: wire.count..<wire.count)
  }

  private mutating func add(_ kind: Plan.Action.Kind, at time: Microseconds, body: Range<Int>) {
    actions.append(Plan.Action(kind: kind, at: time, wireEnd: wire.count, body: body))
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

  /// Adds CR LF.
  mutating func appendLineEnd() {
    append(UInt8(ascii: "\r"))
    append(UInt8(ascii: "\n"))
  }
}

extension Plan {
  /// A plan that answers at once with a whole body, framed by its length: what a server says
  /// itself.
  package init(
    reply status: Int, headers: [HeaderField], body: [UInt8], client: ClientTraits
  ) {
    let exchange = Exchange(
      request: RecordedRequest(id: "", at: "", method: "GET"),
      head: ResponseHead(status: status, framing: .length(Int64(body.count)), headers: headers),
      ending: Cassettes.Ending(how: .complete))
    var draft = Draft(exchange)
    draft.framing = .length(Int64(body.count))
    draft.body = body
    if !body.isEmpty { draft.chunks = [Chunk(end: body.count, at: .zero)] }
    if let origin = client.origin { draft.allow(origin: origin) }
    let rendering = draft.rendered(for: client)
    self.init(
      exchangeID: "", attempt: 1, seed: 0, status: status, firedFaults: [],
      actions: rendering.actions, wire: rendering.wire, ending: .complete,
      closesConnection: rendering.closes, notes: [])
  }
}
