package import Cassettes
package import EventStream
internal import LosslessJSON

/// Passes over the events in a body, whatever its format, and holds none of them: there may be very
/// many.
struct BodyEvents {
  /// Takes an event; those that no event stream brought have the type that their format gives them.
  typealias Take = (ServerSentEvent) -> Void

  /// Why the body cannot be all of it, as a clause; nil where its format does not show it.
  private(set) var flaw: String?

  /// Reads a body.
  init(_ body: [UInt8], format: BodyFormat, take: Take) {
    switch format {
    case .eventStream:
      var parser = EventStreamParser(eventLimitBytes: .max)
      parser.parse(body) { take($0) }
    case .jsonLines: readLines(of: body, take)
    case .jsonArray: readArray(body, take)
    case .amazonEventStream: flaw = AmazonFrames(body, take: take).flaw
    case .whole: break
    }
  }

  private mutating func readLines(of body: [UInt8], _ take: Take) {
    var last: String?
    for line in body.lazy.split(separator: UInt8(ascii: "\n")) {
      // A record may begin with a mark of its own. (RFC 7464, 2.2)
      let text = line.filter { $0 != 0x0d && $0 != 0x1e }
      guard text.contains(where: { $0 > 0x20 }) else { continue }
      let event = Self.event(text)
      last = event.data
      take(event)
    }
    if let last, (try? JSONValue(parsing: last, nesting: 512)) == nil {
      flaw = "the last line is not complete JSON"
    }
  }

  /// Reads the elements of an array one by one, so that those which came whole are known where the
  /// rest did not come.
  private mutating func readArray(_ body: [UInt8], _ take: Take) {
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
        take(Self.event(body[begin...index]))
        start = nil
      default: continue
      }
    }
    if depth != 0 { flaw = "the JSON array is not closed" }
  }

  private static func event(_ data: some Sequence<UInt8>) -> ServerSentEvent {
    ServerSentEvent(data: String(decoding: Array(data), as: UTF8.self))
  }
}

extension Exchange {
  /// Passes over the events of the answer, whatever the format of its body.
  ///
  /// - Parameter take: Takes each event; those that no event stream brought have no offsets.
  /// - Returns: The format; a body of one piece, and one whose content coding was never undone, has
  ///   no events.
  package func forEachEvent(_ take: (ServerSentEvent) -> Void) -> BodyFormat {
    guard undecodedCoding == nil else { return .whole }
    let format = BodyFormat(
      request: request, type: head?.headers.contentType, body: body)
    _ = BodyEvents(body, format: format, take: take)
    return format
  }
}
