internal import Documents
internal import HTTP
internal import LosslessJSON

/// The data of events, one JSON a line, as fixtures of vercel/ai have it.
package struct ChunkLinesFormat: ImportFormat {
  package let name = "chunks-txt"
  package let title = "one JSON a line"

  /// What the events of a provider look like on the wire.
  private enum Wire {
    /// Each has its type as its name.
    case named
    /// None has a name, and the last one says `[DONE]`.
    case marked
    /// None has a name.
    case bare
  }

  /// Creates the format.
  package init() {}

  package func recognizes(_ opening: Opening) -> Certainty {
    guard opening.firstByte == UInt8(ascii: "{"),
      let first = opening.lines.first(where: { !$0.isEmpty })
    else { return .no }
    let isWhole = first.endIndex < opening.bytes.endIndex
    if isWhole || opening.bytes.count < Opening.limitBytes {
      if let value = try? JSONValue(parsing: Array(first)), Self.wire(of: value) != nil {
        return .certain
      }
      return opening.fileName.hasSuffix(".chunks.txt") ? .likely : .no
    }
    return opening.fileName.hasSuffix(".chunks.txt") ? .certain : .no
  }

  package func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    var lines = LineReader(input)
    var capture = Capture(line: 1)
    var wire: Wire?
    var isDone = false
    while let line = try lines.next() {
      guard !line.allSatisfy({ $0.isBlank }) else { continue }
      isDone = line.elementsEqual("[DONE]".utf8)
      if !isDone {
        let value = try Self.value(of: line, number: lines.number)
        if wire == nil { wire = Self.wire(of: value) ?? .bare }
        if wire == .named, case .string(let type) = value["type"] {
          capture.body += Array("event: ".utf8) + type + [0x0A]
        }
      }
      Self.append(line, to: &capture.body)
      guard capture.body.count <= input.limits.nodeBytes else {
        throw ImportError(
          "has more than \(input.limits.nodeBytes) bytes, which is the limit", line: lines.number)
      }
    }
    guard let wire else {
      throw ImportError("expected one JSON object a line, found none")
    }
    if wire == .marked, !isDone { Self.append(Array("[DONE]".utf8)[...], to: &capture.body) }
    capture.status = 200
    capture.headers = [HeaderField("content-type", "text/event-stream")]
    capture.isMadeUp = true
    capture.losses = [
      "the file has only the data of the events: their lines, the request and the head were made up"
    ]
    try emit(capture)
  }

  private static func append(_ line: ArraySlice<UInt8>, to body: inout [UInt8]) {
    body += "data: ".utf8
    body += line
    body += "\n\n".utf8
  }

  private static func value(of line: ArraySlice<UInt8>, number: Int) throws -> JSONValue {
    let bytes = Array(line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line)
    do throws(JSONError) {
      let value = try JSONValue(parsing: bytes)
      if case .object = value { return value }
    } catch {
      throw ImportError("expected one JSON object a line: the JSON \(error.reason)", line: number)
    }
    throw ImportError("expected a JSON object, found another value", line: number)
  }

  /// How the provider sends such an event, or nil where the shape is nobody's.
  private static func wire(of value: JSONValue) -> Wire? {
    if case .string(let bytes)? = value["object"],
      ["chat.completion.chunk", "text_completion"].contains(String(decoding: bytes, as: UTF8.self))
    {
      return .marked
    }
    if case .string(let bytes)? = value["type"] {
      let type = String(decoding: bytes, as: UTF8.self)
      let isAnthropic = type.hasPrefix("message_") || type.hasPrefix("content_block_")
      return isAnthropic || type.hasPrefix("response.") ? .named : nil
    }
    if case .array? = value["candidates"] { return .bare }
    if case .array? = value["choices"] { return .marked }
    return nil
  }
}
