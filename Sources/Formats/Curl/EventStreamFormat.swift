internal import Cassettes
internal import Documents
internal import HTTP

/// The body of an event stream as it came, and nothing else but what curl says of its progress and
/// its end.
package struct EventStreamFormat: ImportFormat {
  package let name = "sse"
  package let title = "an event stream's bytes"

  /// How many lines are looked at.
  private static let linesSeen = 200

  /// Creates the format.
  package init() {}

  package func recognizes(_ opening: Opening) -> Certainty {
    var hasData = false
    let opening = Opening(
      bytes: CurlOutput.withoutWords(opening.bytes).bytes, fileName: opening.fileName)
    for line in Self.lines(of: opening).prefix(Self.linesSeen) where !line.isEmpty {
      let name = line.prefix { $0 != UInt8(ascii: ":") }
      let isKnown = ["data", "event", "id", "retry", ""].contains { name.elementsEqual($0.utf8) }
      guard isKnown || name.endIndex == opening.bytes.endIndex else { return .no }
      hasData = hasData || name.elementsEqual("data".utf8)
    }
    guard hasData else { return .no }
    return opening.fileName.hasSuffix(".sse") ? .certain : .likely
  }

  package func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    var capture = Capture(line: 1)
    let found = CurlOutput.withoutWords(try input.contents())
    capture.body = found.bytes
    guard !capture.body.isEmpty else {
      throw ImportError("expected the bytes of an event stream, found an empty file")
    }
    guard recognizes(Opening(bytes: Array(capture.body.prefix(4096)), fileName: "")) != .no else {
      throw ImportError(
        "expected a line \"data: ...\" or another field of an event stream, found none: name "
          + "another format with --from", line: 1)
    }
    capture.status = 200
    capture.headers = [HeaderField("content-type", "text/event-stream")]
    capture.losses = ["the file has no request and no head: both were made up"]
    if let failure = found.failure {
      capture.ending = failure.how == .unreachable ? .truncated : failure.how
      capture.endingDetail = failure.detail
      capture.curlCode = failure.code
    }
    try emit(capture)
  }

  /// The lines of an opening, which may end with CR alone. (WHATWG HTML, 9.2.6)
  private static func lines(of opening: Opening) -> [ArraySlice<UInt8>] {
    let isMarked = opening.bytes.starts(with: [0xEF, 0xBB, 0xBF])
    return opening.bytes.dropFirst(isMarked ? 3 : 0).split { $0 == 0x0A || $0 == 0x0D }
  }
}
