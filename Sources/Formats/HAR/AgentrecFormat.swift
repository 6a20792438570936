internal import Cassettes
internal import Documents
internal import HTTP

/// The cassettes of agentrec: one exchange a file, its chunks with their times in seconds from when
/// the head was there.
struct AgentrecFormat: ImportFormat {
  let name = "agentrec"
  let title = "agentrec"

  func recognizes(_ opening: Opening) -> Certainty {
    guard opening.firstByte == UInt8(ascii: "{"), opening.contains("\"response_status\"") else {
      return opening.isJSON && opening.contains("\"timestamp_offset\"") ? .likely : .no
    }
    return opening.contains("\"request\"") ? .certain : .likely
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let reader = DocumentReader(input.feed, syntax: .json, limits: input.limits)
    while let document = try reader.next() {
      for node in document.items ?? [document] { try emit(try Self.capture(node)) }
    }
  }

  private static func capture(_ node: Node) throws -> Capture {
    guard let request = node["request"], request.members != nil else {
      throw ImportError("expected a mapping with request, and found none", line: max(node.line, 1))
    }
    var capture = Capture(line: node.line)
    capture.request = Capture.Request(
      method: try text("method", of: request), url: try text("url", of: request),
      headers: try headers("headers", of: request),
      body: try request["content"].map { try blob($0, "content") } ?? [])
    guard let status = node["response_status"] else {
      throw ImportError("expected response_status, and found none", line: node.line)
    }
    guard let number = status.int, (200...999).contains(number) else {
      throw ImportError.expected("a status from 200 to 999 for response_status", status)
    }
    capture.status = number
    capture.headers = try headers("response_headers", of: node)
    if let version = node[path: ["response_extensions", "http_version"]] {
      let bytes = try blob(version, "http_version").split(separator: UInt8(ascii: "/")).last ?? []
      capture.http = String(decoding: bytes, as: UTF8.self)
    }
    try addChunks(of: node, to: &capture)
    return capture
  }

  private static func addChunks(of node: Node, to capture: inout Capture) throws {
    let metadata = node["metadata"]
    let chunks = try sequence("chunks", of: node)
    var offsets: [Int64] = []
    var ends: [Int] = []
    for chunk in chunks {
      guard chunk.members != nil else { throw ImportError.expected("a chunk's mapping", chunk) }
      guard let data = chunk["data"] else {
        throw ImportError("expected data in a chunk, and found none", line: chunk.line)
      }
      capture.body += try blob(data, "data")
      ends.append(capture.body.count)
      offsets.append(try seconds("timestamp_offset", of: chunk) ?? 0)
    }
    let total = try metadata.flatMap { try seconds("latency_s", of: $0) }
    let first = try metadata.flatMap { try seconds("latency_first_chunk_s", of: $0) }
    // The offsets count from the head; the first chunk's latency counts from the request.
    let head = max((first ?? 0) &- (offsets.first ?? 0), 0)
    let pieces = zip(ends, offsets).map { end, offset in
      Chunk(end: end, at: Microseconds(saturating: head &+ offset))
    }
    let end = max(total ?? 0, pieces.last?.at.count ?? head)
    capture.times = .arrivals(
      pieces, head: Microseconds(saturating: head), end: Microseconds(saturating: end))
    // It is written when the answer is over.
    capture.at = metadata?["recorded_at"]?.text.flatMap(HARTime.microseconds).map { $0 &- end }
    let type = capture.headers.value(of: "content-type")?.lowercased() ?? ""
    if type.hasPrefix("text/event-stream"), capture.headers.contentCoding == nil,
      EventStreamEnd.isInsideEvent(capture.body)
    {
      capture.ending = .truncated
      capture.endingDetail = "the stream ends inside an event"
    }
  }

  // MARK: Members

  /// Bytes: a text, or a mapping that tells what the text in it stands for.
  private static func blob(_ node: Node, _ key: String) throws -> [UInt8] {
    if node.members == nil, let bytes = node.bytes { return bytes }
    if let text = node["__bytes__"]?.bytes { return text }
    if let text = node["__b64__"]?.bytes, let bytes = Base64Text.decoded(text) { return bytes }
    if node.isNull { return [] }
    throw ImportError.expected("a text, or base64 in __b64__, for \(key)", node)
  }

  private static func text(_ key: String, of node: Node) throws -> String? {
    guard let value = node[key], !value.isNull else { return nil }
    guard let text = value.text else { throw ImportError.expected("a text for \(key)", value) }
    return text
  }

  private static func seconds(_ key: String, of node: Node) throws -> Int64? {
    guard let value = node[key], !value.isNull else { return nil }
    guard let number = value.double, number >= 0,
      let count = HARTime.microseconds(seconds: number), count <= Microseconds.limit.count
    else { throw ImportError.expected("a number of seconds for \(key)", value) }
    return count
  }

  private static func sequence(_ key: String, of node: Node) throws -> [Node] {
    guard let value = node[key], !value.isNull else { return [] }
    guard let items = value.items else {
      throw ImportError.expected("a sequence for \(key)", value)
    }
    return items
  }

  private static func headers(_ key: String, of node: Node) throws -> [HeaderField] {
    try sequence(key, of: node).compactMap { pair in
      guard let parts = pair.items, parts.count == 2 else {
        throw ImportError.expected("a pair of name and value in \(key)", pair)
      }
      let name = String(decoding: try blob(parts[0], "a name"), as: UTF8.self)
      let value = try blob(parts[1], "a value")
      return name.isToken ? HeaderField.imported(name, Latin1.string(of: value)) : nil
    }
  }
}
