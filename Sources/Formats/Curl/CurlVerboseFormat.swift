internal import Documents
internal import HTTP

/// What `curl -v` says on standard error, and the body, in one file.
package struct CurlVerboseFormat: ImportFormat {
  package let name = "curl-v"
  package let title = "curl -v"

  /// Creates the format.
  package init() {}

  package func recognizes(_ opening: Opening) -> Certainty {
    let output = CurlOutput(bytes: opening.bytes, isVerbose: true)
    var place = opening.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var hasTried = false
    // Each line that curl says in front of a body is marked.
    while let (item, end) = output.item(at: place, isInBody: false) {
      if case .line(let kind, let words, _) = item {
        if kind == .sentHeader, output.item(at: place, isInBody: true) != nil { return .certain }
        let text = String(decoding: words.prefix(64), as: UTF8.self)
        hasTried = hasTried || kind == .info && Self.isBeginning(text)
      }
      place = end
    }
    return hasTried ? .likely : .no
  }

  private static func isBeginning(_ text: String) -> Bool {
    let text = text.drop { $0 == " " }
    return text.hasPrefix("Trying ") || text.hasPrefix("Could not resolve")
      || text.hasPrefix("Connected to ") || text.hasPrefix("Host ")
  }

  package func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    var reading = CurlVerboseReading(try input.contents())
    try reading.read(emit)
  }
}

/// Goes through the file of a `curl -v`.
private struct CurlVerboseReading {
  private let output: CurlOutput
  private var conversation: CurlConversation
  private var clock = CurlClock()
  private var place = 0
  private var line = 1
  private var count = 0
  /// The body of the answer that is under way.
  private var body: [UInt8] = []
  /// Whether what was read last is curl's.
  private var isBehindItem = true

  private static let loss = "curl -v does not show the body of the request"

  init(_ bytes: [UInt8]) {
    output = CurlOutput(bytes: bytes, isVerbose: true)
    conversation = CurlConversation(.init(isBodyLate: true))
  }

  mutating func read(_ emit: (Capture) throws -> Void) throws {
    var count = 0
    func counting(_ capture: Capture) throws {
      count += 1
      var capture = capture
      if let length = capture.request.headers.value(of: "content-length"), length != "0" {
        capture.losses.append(Self.loss)
      }
      try emit(capture)
    }
    while place < output.bytes.count {
      if let (item, end) = itemHere() {
        try take(item, counting)
        advance(to: end)
        isBehindItem = true
      } else if conversation.hasHead {
        takeBody()
        isBehindItem = false
      } else {
        try passOver()
      }
    }
    try finishBody(counting)
    try conversation.finish(counting)
    guard count > 0 else {
      throw ImportError("expected a request, \"> POST /path HTTP/1.1\", found none", line: line)
    }
  }

  /// What curl says here, if it is curl that says it.
  private func itemHere() -> (item: CurlOutput.Item, end: Int)? {
    let byte = output.bytes[place]
    guard conversation.hasHead else { return output.item(at: place, isInBody: false) }
    let isAtBorder = body.count % CurlOutput.blockBytes == 0
    let isAtLine = isBehindItem || isAtBorder || output.bytes[place - 1] == 0x0A
    guard isAtLine || byte == 0x0D || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "c") else {
      return nil
    }
    guard let found = output.item(at: place, isInBody: true) else { return nil }
    if byte == 0x0D || isBehindItem || isAtBorder { return found }
    // A ticket of TLS 1.3 may come while a body does; else curl speaks behind its last byte.
    if case .line(.info, let words, _) = found.item, words.starts(with: "TLSv1.".utf8), isAtLine {
      return found
    }
    return output.isBehindBody(found) ? found : nil
  }

  private mutating func take(
    _ item: CurlOutput.Item, _ emit: (Capture) throws -> Void
  ) throws {
    switch item {
    case .noise: break
    case .failure(let failure):
      try conversation.takeFailure(failure, .init(kind: .info, line: line), emit)
    case .line(let kind, let words, let at):
      if kind == .sentHeader, conversation.hasHead { try finishBody(emit) }
      if kind == .receivedHeader, MessageHead.begins(in: words) { try finishBody(emit) }
      let end: [UInt8] = kind == .info ? [] : [0x0D, 0x0A]
      try conversation.take(
        .init(kind: kind, bytes: Array(words) + end, at: at, line: line), emit)
    }
  }

  /// Takes body bytes up to where curl may say something next.
  private mutating func takeBody() {
    let start = place
    let room = CurlOutput.blockBytes - body.count % CurlOutput.blockBytes
    let end = min(output.bytes.count, start + room)
    place += 1
    while place < end, output.bytes[place - 1] != 0x0A, output.bytes[place] != 0x0D,
      output.bytes[place] != UInt8(ascii: "*"), output.bytes[place] != UInt8(ascii: "c")
    {
      place += 1
    }
    body += output.bytes[start..<place]
    line += output.bytes[start..<place].count { $0 == 0x0A }
  }

  private mutating func finishBody(_ emit: (Capture) throws -> Void) throws {
    var rest = body[...]
    // With -i the head stands before the body as well.
    while MessageHead.begins(in: rest), let head = MessageHead(in: rest) {
      rest = rest[head.end...]
    }
    if !rest.isEmpty {
      try conversation.take(.init(kind: .receivedData, bytes: Array(rest), line: line), emit)
    }
    body = []
  }

  private mutating func passOver() throws {
    let end = output.bytes[place...].firstIndex(of: 0x0A) ?? output.bytes.count
    let shown = String(decoding: output.bytes[place..<end].prefix(40), as: UTF8.self)
    guard output.bytes[place..<end].allSatisfy({ $0 <= 0x20 }) else {
      throw ImportError(
        "expected a line that begins with \"* \", \"> \" or \"< \", found \"\(shown)\"", line: line)
    }
    advance(to: min(end + 1, output.bytes.count))
  }

  private mutating func advance(to end: Int) {
    line += output.bytes[place..<end].count { $0 == 0x0A }
    place = end
  }
}
