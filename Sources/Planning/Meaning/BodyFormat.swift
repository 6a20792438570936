internal import Cassettes
internal import EventStream
internal import HTTP

/// How the events of an answer stand in its body.
package enum BodyFormat: Equatable, Sendable {
  /// As an event stream, whether or not the head says so. (WHATWG HTML, 9.2)
  case eventStream
  /// One JSON value a line.
  case jsonLines
  /// As the elements of one JSON array, which is what Gemini streams without `alt=sse`.
  case jsonArray
  /// As the binary frames of `application/vnd.amazon.eventstream`.
  case amazonEventStream
  /// There are none: the body is one piece.
  case whole

  /// Finds out how to read an answer: by its content type, and where that is missing or says
  /// something that the body is not, by the body.
  init(request: RecordedRequest, type: String?, body: [UInt8]) {
    let path = request.target.split(separator: "?", maxSplits: 1).first.map(String.init) ?? ""
    let first = body.first { $0 > 0x20 }
    switch type {
    case "text/event-stream": self = .eventStream
    case "application/vnd.amazon.eventstream" where !Self.hasGrammar(body, isLenient: false):
      self = .amazonEventStream
    default:
      if Self.hasGrammar(body, isLenient: request.asksForStream) {
        self = .eventStream
      } else if let type, Self.lineTypes.contains(type) {
        self = .jsonLines
      } else if first == UInt8(ascii: "["), path.hasSuffix("streamGenerateContent") {
        self = .jsonArray
      } else if first == UInt8(ascii: "{"), Self.linePaths.contains(where: path.hasSuffix) {
        self = .jsonLines
      } else {
        self = .whole
      }
    }
  }

  private static let lineTypes: Set<String> = [
    "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
    "application/stream+json", "application/json-seq",
  ]
  private static let linePaths = ["/api/chat", "/api/generate"]

  /// How many lines at the start of a body are looked at.
  private static let lineLimit = 32

  /// Whether a body begins as an event stream does: with a field that has a meaning, or, where a
  /// stream was asked for, has one among its first lines.
  private static func hasGrammar(_ body: [UInt8], isLenient: Bool) -> Bool {
    var rest = body[...]
    if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
    for _ in 0..<lineLimit {
      guard !rest.isEmpty else { return false }
      let end = rest.firstIndex { $0 == 0x0a || $0 == 0x0d } ?? rest.endIndex
      let line = rest[..<end]
      rest = rest[end...].dropFirst()
      if line.isEmpty || line.first == UInt8(ascii: ":") { continue }
      let name = line.prefix { $0 != UInt8(ascii: ":") }
      if name.count < line.count, fields.contains(where: { name.elementsEqual($0.utf8) }) {
        return true
      }
      guard isLenient else { return false }
    }
    return false
  }

  private static let fields = ["data", "event", "id", "retry"]
}

extension [HeaderField] {
  /// The type of the content without its parameters, in lower case; nil where none is given. (RFC
  /// 9110, 8.3)
  var contentType: String? {
    let type = value(of: "content-type")?.prefix { $0 != ";" }
    return type.map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
  }
}
