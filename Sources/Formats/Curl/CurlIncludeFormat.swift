internal import Cassettes
internal import Documents
internal import HTTP

/// What `curl -i` writes: heads and the body.
package struct CurlIncludeFormat: ImportFormat {
  package let name = "curl-i"
  package let title = "curl -i"

  /// Creates the format.
  package init() {}

  package func recognizes(_ opening: Opening) -> Certainty {
    var place = opening.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let output = CurlOutput(bytes: opening.bytes, isVerbose: false)
    while let (_, end) = output.item(at: place, isInBody: false) { place = end }
    return MessageHead.begins(in: opening.bytes[place...]) ? .certain : .no
  }

  package func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    var (bytes, failure) = CurlOutput.withoutWords(try input.contents())
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var rest = bytes[...].drop { $0 <= 0x20 }
    guard !rest.isEmpty else {
      guard let failure else { throw ImportError("expected a head, found an empty file") }
      return try emit(Self.unanswered(failure))
    }
    while !rest.isEmpty {
      let line = bytes[..<rest.startIndex].count { $0 == 0x0A } + 1
      guard MessageHead.begins(in: rest) else {
        throw ImportError("expected a status line, as \"HTTP/1.1 200 OK\"", line: line)
      }
      guard let head = MessageHead(in: rest), let status = head.statusLine else {
        throw ImportError(
          "expected the blank line that ends the head, found the file's end", line: line)
      }
      rest = rest[head.end...]
      if Self.isInterim(head, status, before: rest) { continue }
      let body = Self.body(of: head, status, in: rest)
      rest = rest[body.endIndex...]
      let isLast = rest.allSatisfy { $0 <= 0x20 }
      if isLast { rest = [] }
      let hasReturns = bytes[head.startLine.endIndex] == 0x0D
      try emit(
        Self.capture(
          head, status, body, isLast ? failure : nil, hasReturns: hasReturns, line: line))
    }
  }

  /// Whether a head is followed by the one of the answer that counts: of interim answers, of
  /// proxies, of redirects and of requests for credentials curl writes the head alone.
  private static func isInterim(
    _ head: MessageHead, _ status: StatusLine, before rest: ArraySlice<UInt8>
  ) -> Bool {
    if (100..<200).contains(status.status), status.status != 101 { return true }
    guard MessageHead.begins(in: rest) else { return false }
    let words = String(decoding: head.startLine, as: UTF8.self).lowercased()
    return (300..<400).contains(status.status) || [401, 407].contains(status.status)
      || (status.status == 200 && words.contains("connection established"))
  }

  /// How many lines of a body may look like the beginning of a head and be none.
  private static let limitTries = 20

  /// The bytes of a body: as many as the head says, or up to the next head, or all.
  private static func body(
    of head: MessageHead, _ status: StatusLine, in rest: ArraySlice<UInt8>
  ) -> ArraySlice<UInt8> {
    if status.isBodiless(for: "GET") { return rest.prefix(0) }
    if head.fields.contentCoding == nil, case .count(let count) = DeclaredLength(head.fields),
      let count = Int(exactly: count), count <= rest.count
    {
      let behind = rest.dropFirst(count).drop { $0 <= 0x20 }
      if behind.isEmpty || MessageHead.begins(in: behind) {
        return behind.isEmpty ? rest : rest[..<behind.startIndex]
      }
    }
    var place = rest.startIndex
    var tries = 0
    while tries < limitTries, let end = rest[place...].firstIndex(of: 0x0A) {
      place = end + 1
      guard MessageHead.begins(in: rest[place...]) else { continue }
      if MessageHead(in: rest[place...]) != nil { return rest[..<place] }
      tries += 1
    }
    return rest
  }

  private static func capture(
    _ head: MessageHead, _ status: StatusLine, _ bytes: ArraySlice<UInt8>,
    _ failure: CurlFailure?, hasReturns: Bool, line: Int
  ) -> Capture {
    var capture = Capture(line: line)
    capture.status = status.status
    capture.http = status.version
    capture.headers = head.fields
    var body = ReceivedBody(of: head, status, to: nil, isTaken: true)
    body.take(bytes, at: nil)
    body.settle(&capture)
    if body.framing == .chunked || body.framing == .h2 { Self.takeTrailers(&capture) }
    capture.losses = ["curl -i does not show the request"]
    if let failure, !body.isWhole {
      capture.ending = failure.how == .unreachable ? .truncated : failure.how
      capture.endingDetail = failure.detail
      capture.curlCode = failure.code
    } else if case .length(let count) = body.framing, !body.isWhole,
      !hasReturns,
      count - Int64(body.bytes.count) <= Int64(body.bytes.count { $0 == 0x0A })
    {
      // An editor that took the CRs of the head took those of the body too.
      capture.ending = .complete
      capture.endingDetail = nil
      capture.framing = .length(Int64(body.bytes.count))
      capture.losses.append("the line ends of the file were changed behind curl")
    }
    return capture
  }

  /// Takes fields that curl writes behind the body, each with CR LF, where the body has no CR.
  private static func takeTrailers(_ capture: inout Capture) {
    var end = capture.body.count
    var fields: [HeaderField] = []
    let known = ["data", "event", "id", "retry"]
    while end > 2, capture.body[end - 2] == 0x0D, capture.body[end - 1] == 0x0A {
      let start = capture.body[..<(end - 2)].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
      var section = HeaderSection()
      guard section.add(capture.body[start..<(end - 2)]), let field = section.fields.first,
        !known.contains(where: { field.isNamed($0) })
      else { break }
      fields.insert(field, at: 0)
      end = start
    }
    guard !fields.isEmpty, !capture.body[..<end].contains(0x0D) else { return }
    capture.body.removeSubrange(end...)
    capture.trailers += fields
  }

  private static func unanswered(_ failure: CurlFailure) -> Capture {
    var capture = Capture(line: 1)
    capture.ending = failure.how
    capture.endingStage = failure.stage
    capture.endingDetail = failure.detail
    capture.curlCode = failure.code
    return capture
  }
}

extension CurlOutput {
  /// The bytes of a file without the progress meter and what curl says at its end.
  static func withoutWords(_ bytes: [UInt8]) -> (bytes: [UInt8], failure: CurlFailure?) {
    let output = CurlOutput(bytes: bytes, isVerbose: false)
    var kept: [UInt8] = []
    var failure: CurlFailure?
    var place = 0
    var isBehindItem = true
    while place < bytes.count {
      let byte = bytes[place]
      let mayBegin = isBehindItem || byte == 0x0D || byte == UInt8(ascii: "c")
      if mayBegin, let (item, end) = output.item(at: place, isInBody: !isBehindItem),
        byte == 0x0D || isBehindItem || kept.count % blockBytes == 0 || output.isCurls(end)
      {
        if case .failure(let found) = item { failure = failure ?? found }
        place = end
        isBehindItem = true
        continue
      }
      isBehindItem = false
      let start = place
      place += 1
      while place < bytes.count, bytes[place] != 0x0D, bytes[place] != UInt8(ascii: "c") {
        place += 1
      }
      kept += bytes[start..<place]
    }
    return (kept, failure)
  }
}
