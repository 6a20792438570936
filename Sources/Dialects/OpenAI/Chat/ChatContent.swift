internal import JSON

/// Content that is a list of parts: Mistral sends text and thinking so, and a string now and then.
enum ChatContent {
  /// The text in a content, whichever form it has.
  static func text(of content: JSONValue) -> [UInt8] {
    if let bytes = content.stringBytes { return bytes }
    return (content.elements ?? []).flatMap { part in
      part.has("type", "text") ? part.value(of: "text")?.stringBytes ?? [] : []
    }
  }

  /// What a thinking part says: a list of text parts, or a string.
  static func thinking(of part: JSONValue) -> [UInt8] {
    part.value(of: "thinking").map(text) ?? []
  }

  /// Adds more content, and makes a list of what was a string.
  static func merge(_ more: JSONValue, into content: inout JSONValue, log: inout MessageLog) {
    var parts = parts(of: content)
    content = .null
    for part in self.parts(of: more) {
      if part.members == nil { log.note("a part of the content is no object") }
      let isJoined = parts.last.map { isSame($0, part) } ?? false
      if !isJoined || !join(part, to: &parts[parts.count - 1], log: &log) { parts.append(part) }
    }
    content = .array(parts)
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
    ["text", "thinking"].contains(part["type"]?.text) && part["type"] == other["type"]
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
