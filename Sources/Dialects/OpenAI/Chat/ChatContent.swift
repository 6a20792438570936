internal import LosslessJSON

/// Content that is a list of parts: Mistral sends text and thinking so, and a string now and then.
///
/// One part alone may stand without its list.
enum ChatContent {
  /// The text in a content, whichever form it has.
  static func text(of content: JSONValue) -> [UInt8] {
    if let bytes = content.stringBytes { return bytes }
    if content.members != nil { return text(ofPart: content) }
    return (content.elements ?? []).flatMap(text(ofPart:))
  }

  /// What a text part says; nothing for other parts.
  static func text(ofPart part: JSONValue) -> [UInt8] {
    isText(part) ? part.value(of: "text")?.stringBytes ?? [] : []
  }

  /// Whether a part is text: one without a type is what it has.
  static func isText(_ part: JSONValue) -> Bool {
    switch part.value(of: "type") {
    case nil, .null?: part.value(of: "text")?.stringBytes != nil
    default: part.has("type", "text") || part.has("type", "output_text")
    }
  }

  /// What a thinking part says: a list of text parts, or a string.
  static func thinking(of part: JSONValue) -> [UInt8] {
    part.value(of: "thinking").map(text(of:)) ?? []
  }

  /// Adds more content, and makes a list of what was a string.
  static func merge(_ more: JSONValue, into content: inout JSONValue, log: inout MessageLog) {
    var parts = parts(of: content)
    content = .null
    for part in self.parts(of: more) {
      if part.members == nil { log.note("a part of the content is not an object") }
      let isJoined = parts.last.map { isSame($0, part) } ?? false
      if !isJoined || !join(part, to: &parts[parts.count - 1], log: &log) { parts.append(part) }
    }
    content = .array(parts)
  }

  /// Whether content is a list of parts, or becomes one; an object is a list of one part.
  static func isInParts(_ content: JSONValue?, _ more: JSONValue) -> Bool {
    content?.elements != nil || content?.members != nil || more.elements != nil
      || more.members != nil
  }

  private static func parts(of content: JSONValue) -> [JSONValue] {
    switch content {
    case .array(let parts): parts
    case .null, .string([]): []
    case .string: [.object([.init("type", .string("text")), .init("text", content)])]
    default: [content]
    }
  }

  private static func isSame(_ part: JSONValue, _ other: JSONValue) -> Bool {
    part["type"] == other["type"] && (isText(part) || part.has("type", "thinking"))
  }

  /// Adds the text of a part to one of its type; false where it has another form.
  private static func join(
    _ part: JSONValue, to last: inout JSONValue, log: inout MessageLog
  ) -> Bool {
    guard part.has("type", "thinking") else {
      guard let text = part["text"]?.stringBytes else { return false }
      return last.update("text") { $0.append(string: text) } ?? false
    }
    guard let more = part["thinking"] else { return false }
    last.update("thinking") { merge(more, into: &$0, log: &log) }
    return true
  }
}
