internal import Cassettes
internal import Documents
internal import HTTP
internal import LosslessJSON

/// Recordings of Polly.js: archives in JSON or, by a persister of one's own, in YAML.
struct PollyFormat: ImportFormat {
  let name = "polly"
  let title = "Polly.js"

  /// Whether an archive says that Polly.js wrote it.
  static func hasMark(_ opening: Opening) -> Bool {
    opening.contains("_recordingName") || opening.contains("Polly.JS")
  }

  func recognizes(_ opening: Opening) -> Certainty {
    if opening.firstByte == UInt8(ascii: "{") {
      return opening.contains("\"log\"") && Self.hasMark(opening) ? .certain : .no
    }
    guard opening.hasLine(beginning: "log:") else { return .no }
    return Self.hasMark(opening) ? .certain : opening.contains("entries:") ? .likely : .no
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let (feed, isJSON) = try input.peekedForJSON()
    let reader = DocumentReader(feed, syntax: isJSON ? .json : .yaml, limits: input.limits)
    let entries = ["log", "entries"]
    var isFound = false
    while let document = try reader.next(
      streaming: [entries],
      { node, _ in
        let entry = try HAREntry(node)
        // What stands behind the answer shows that a text in YAML was not cut inside it.
        guard ["startedDateTime", "time", "timings"].contains(where: { node[$0] != nil }) else {
          throw ImportError(
            "expected startedDateTime behind the response, and found none: was the file cut?",
            line: node.line)
        }
        if let kind = try entry.foreignKind() {
          return input.note("left out: 1 \(kind) (no exchange of HTTP)")
        }
        try emit(try Self.capture(entry, input.sibling))
      })
    {
      guard let found = document[path: entries] else { continue }
      guard found.items != nil else {
        throw ImportError.expected("a sequence for log.entries", found)
      }
      isFound = true
    }
    guard isFound else {
      throw ImportError("expected a mapping with log.entries, and found none", line: 1)
    }
  }

  private static func capture(
    _ entry: HAREntry, _ sibling: (String) throws -> [UInt8]?
  ) throws -> Capture {
    var capture = try entry.capture(sibling)
    guard let content = entry.response?["content"], !content.isNull else { return capture }
    guard content.members != nil else {
      throw ImportError.expected("a mapping for content", content)
    }
    entry.addType(to: &capture)
    guard let body = try PollyBody(content, isCoded: capture.headers.contentCoding != nil) else {
      return capture
    }
    capture.body = body.bytes
    if body.ends.count > 1 { capture.times = .cuts(body.ends) }
    return capture
  }
}

/// The body of an answer as Polly.js keeps it: a text, what some digits stand for, or a list in
/// JSON of such digits, one for each piece that came.
private struct PollyBody {
  /// The bytes.
  var bytes: [UInt8] = []
  /// Where the pieces end.
  var ends: [Int] = []

  private enum Digits {
    case base64, hexadecimal
  }

  /// Reads the content of an answer; nil where it has none.
  init?(_ content: Node, isCoded: Bool) throws {
    guard let node = content["text"], !node.isNull else { return nil }
    guard let text = node.bytes else { throw ImportError.expected("a text for text", node) }
    let encoding = content["encoding"]?.text?.lowercased()
    let isBinary = content["_isBinary"]?.text == "true"
    // Before version 6 it wrote hexadecimal digits, and `_isBinary` in place of the encoding.
    let digits: Digits? =
      switch encoding {
      case "base64": .base64
      case "hex": .hexadecimal
      default: isBinary || isCoded ? .hexadecimal : nil
      }
    guard let digits else {
      bytes = text
      return
    }
    if text.first == UInt8(ascii: "["), let list = try? JSONValue(parsing: text),
      case .array(let items) = list,
      try add(items, digits, line: node.line, isSure: encoding != nil)
    {
      return
    }
    if encoding != nil || isBinary, let decoded = Self.decoded(text, digits) {
      bytes = decoded
    } else if encoding == nil {
      bytes = text
    } else {
      throw ImportError(
        "expected \(encoding ?? "") in text, as encoding says, and found none", line: node.line)
    }
  }

  /// Adds the pieces of a list; false where it is not one of digits, but the body itself.
  private mutating func add(
    _ items: [JSONValue], _ digits: Digits, line: Int, isSure: Bool
  ) throws -> Bool {
    for item in items {
      guard case .string(let text) = item, let piece = Self.decoded(text, digits) else {
        guard !isSure else {
          throw ImportError("expected a list of base64 or hexadecimal texts in text", line: line)
        }
        bytes = []
        ends = []
        return false
      }
      bytes += piece
      ends.append(bytes.count)
    }
    return true
  }

  private static func decoded(_ text: [UInt8], _ digits: Digits) -> [UInt8]? {
    switch digits {
    case .base64: Base64Text.decoded(text)
    case .hexadecimal: HexText.decoded(text)
    }
  }
}
