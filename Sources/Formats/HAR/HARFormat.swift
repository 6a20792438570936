internal import Cassettes
internal import Documents
internal import HTTP

/// HTTP archives in JSON: of browsers, proxies, chrome-har and Replay. (HAR 1.2)
struct HARFormat: ImportFormat {
  let name = "har"
  let title = "HTTP archives (HAR)"

  func recognizes(_ opening: Opening) -> Certainty {
    guard opening.firstByte == UInt8(ascii: "{"), opening.contains("\"log\""),
      opening.contains("\"entries\"") || opening.contains("\"creator\"")
    else { return .no }
    return PollyFormat.hasMark(opening) ? .possible : .certain
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let reader = DocumentReader(input.feed, syntax: .json, limits: input.limits)
    var pages = HARPages()
    var foreign: [(kind: String, count: Int)] = []
    let entries = ["log", "entries"]
    let document = try reader.next(streaming: [["log", "pages"], entries]) { node, path in
      if path == 0 { return pages.add(node) }
      let entry = try HAREntry(node)
      if let kind = try entry.foreignKind() {
        if let place = foreign.firstIndex(where: { $0.kind == kind }) {
          foreign[place].count += 1
        } else {
          foreign.append((kind, 1))
        }
        return
      }
      try emit(try Self.capture(entry, pages, input.sibling))
    }
    guard let found = document?[path: entries] else {
      throw ImportError("expected a mapping with log.entries, and found none", line: 1)
    }
    guard found.items != nil else {
      throw ImportError.expected("a sequence for log.entries", found)
    }
    try reader.expectEnd()
    for (kind, count) in foreign {
      input.note("left out: \(count) \(kind)\(count == 1 ? "" : "s") (no exchange of HTTP)")
    }
  }

  private static func capture(
    _ entry: HAREntry, _ pages: HARPages, _ sibling: (String) throws -> [UInt8]?
  ) throws -> Capture {
    var capture = try entry.capture(sibling)
    let timings = try HARTimings(of: entry.node, startedAt: capture.at)
    let content = entry.response?["content"]
    if let content, !content.isNull, content.members == nil {
      throw ImportError.expected("a mapping for content", content)
    }
    let text = try content.flatMap { try entry.bytes(of: $0, sibling) }
    entry.addType(to: &capture)
    let chunks = try HARChunks(of: entry)
    let messages = try HARMessages(of: entry)
    capture.body = text ?? []
    let type = capture.headers.value(of: "content-type")?.lowercased() ?? ""
    capture.times = timings.span(isEventStream: type.hasPrefix("text/event-stream"))
    if let error = try failure(of: entry) { HARFailure(error).settle(&capture) }

    if let chunks, let text, chunks.total == text.count {
      capture.times = chunks.times(
        count: text.count, pageStart: pages.start(of: entry.node), timings: timings)
    } else if let messages, messages.settle(text, timings, in: &capture) {
      return capture
    } else if let chunks, let text, !text.isEmpty {
      settle(chunks, text, pages.start(of: entry.node), timings, &capture)
    }
    settleMissing(content, hasText: text != nil, came: chunks?.total ?? 0, &capture)
    settleCharset(type, isText: content?["encoding"]?.text == nil, &capture)
    return capture
  }

  private static func failure(of entry: HAREntry) throws -> String? {
    for node in [entry.response, entry.node] {
      if let error = try node.flatMap({ try entry.text("_error", of: $0) }), !error.isEmpty {
        return error
      }
    }
    return nil
  }

  /// Takes chunks that count other bytes than the body has: its beginning where the text was cut,
  /// else bytes that were coded or framed.
  private static func settle(
    _ chunks: HARChunks, _ text: [UInt8], _ pageStart: Int64?, _ timings: HARTimings,
    _ capture: inout Capture
  ) {
    let counts = "its chunks count \(chunks.total) bytes and its body has \(text.count)"
    guard capture.headers.contentCoding == nil, chunks.total > text.count else {
      capture.losses.append("\(counts): their times are left out")
      return
    }
    capture.times = chunks.times(count: text.count, pageStart: pageStart, timings: timings)
    capture.losses.append("\(counts): the times are those of its first \(text.count) bytes")
    if capture.ending == .complete {
      capture.ending = .truncated
      capture.endingDetail = "the file has \(text.count) of \(chunks.total) bytes of the body"
    }
  }

  /// Says where a body came that the file does not hold, or not to its end.
  private static func settleMissing(
    _ content: Node?, hasText: Bool, came: Int, _ capture: inout Capture
  ) {
    let size = max(content?["size"]?.int ?? 0, came)
    guard let status = capture.status, size > 0, ![204, 304].contains(status),
      capture.request.method != "HEAD"
    else { return }
    if !hasText {
      capture.losses.append("its body is not in the file (\(size) bytes)")
    } else if capture.body.count < size, came == 0, endsInsideEvent(capture) {
      capture.losses.append("the file has \(capture.body.count) of \(size) bytes of its body")
    } else {
      return
    }
    guard capture.ending == .complete else { return }
    capture.ending = .truncated
    capture.endingDetail = "the file does not hold \(hasText ? "all of the body" : "the body")"
  }

  private static func endsInsideEvent(_ capture: Capture) -> Bool {
    let type = capture.headers.value(of: "content-type")?.lowercased() ?? ""
    guard type.hasPrefix("text/event-stream"), capture.headers.contentCoding == nil else {
      return false
    }
    return EventStreamEnd.isInsideEvent(capture.body)
  }

  /// A text was decoded by whoever wrote the file, so that its bytes are UTF-8 now.
  private static func settleCharset(_ type: String, isText: Bool, _ capture: inout Capture) {
    guard isText, let mark = type.firstRange(of: "charset=") else { return }
    let charset = type[mark.upperBound...].prefix { $0 != ";" && $0 != " " }.filter { $0 != "\"" }
    guard !["utf-8", "utf8", "us-ascii", "ascii", ""].contains(charset),
      capture.body.contains(where: { $0 >= 0x80 })
    else { return }
    capture.losses.append("its body was decoded from \(charset), and is UTF-8 here")
  }
}

/// When the pages of an archive began.
private struct HARPages {
  private var starts: [String: Int64] = [:]
  private var only: Int64?

  /// Takes a page; one that says nothing of use is passed over.
  mutating func add(_ page: Node) {
    guard let start = page["startedDateTime"]?.text.flatMap(HARTime.microseconds) else { return }
    if starts.isEmpty { only = start }
    if let id = page["id"]?.text { starts[id] = start }
  }

  /// When the page of an entry began, in microseconds since 1970, or nil.
  func start(of entry: Node) -> Int64? {
    guard let id = entry["pageref"]?.text else { return starts.count == 1 ? only : nil }
    return starts[id]
  }
}
