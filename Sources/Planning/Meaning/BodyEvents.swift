internal import EventStream
internal import JSON

/// The events in a body, whatever its format.
struct BodyEvents {
  /// The events, in order; those that no event stream brought have the type that their format gives them.
  private(set) var events: [ServerSentEvent] = []

  /// Why the body cannot be all of it, as a clause; nil where its format does not show it.
  private(set) var flaw: String?

  /// Reads a body.
  init(_ body: [UInt8], format: BodyFormat) {
    switch format {
    case .eventStream: events = EventIndex(body: body, chunkEnds: []).events
    case .jsonLines: readLines(of: body)
    case .jsonArray: readArray(body)
    case .amazonEventStream:
      let frames = AmazonFrames(body)
      (events, flaw) = (frames.events, frames.flaw)
    case .whole: break
    }
  }

  private mutating func readLines(of body: [UInt8]) {
    for line in body.split(separator: UInt8(ascii: "\n")) {
      // A record may begin with a mark of its own. (RFC 7464, 2.2)
      let text = line.filter { $0 != 0x0d && $0 != 0x1e }
      if text.contains(where: { $0 > 0x20 }) { add(text) }
    }
    if let last = events.last, (try? JSONValue(parsing: last.data, nesting: 512)) == nil {
      flaw = "the last line is no whole JSON"
    }
  }

  /// Reads the elements of an array one by one, so that those which came whole are known where the rest did
  /// not come.
  private mutating func readArray(_ body: [UInt8]) {
    var start: Int?
    var depth = 0
    var isInString = false
    var isEscaped = false
    for (index, byte) in body.enumerated() {
      if isInString {
        if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        if depth == 2 { start = index }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        guard depth == 1, let begin = start else { continue }
        add(body[begin...index])
        start = nil
      default: continue
      }
    }
    if depth != 0 { flaw = "the JSON array is not closed" }
  }

  private mutating func add(_ data: some Sequence<UInt8>) {
    events.append(ServerSentEvent(data: String(decoding: Array(data), as: UTF8.self)))
  }
}
