package import EventStream

/// Tells by a look at an event, without reading its JSON, whether it is a piece of content and
/// nothing beside: what a stream is made of for the most part, and what decides nothing about its
/// end.
///
/// Whatever is not plain at a glance has to be read. A quotation mark within a JSON string is
/// escaped, so a key with both its marks and its colon is a key.
package struct ContentGlance: Sendable {
  private enum Kind {
    case anthropic, chat, responses, gemini
    /// No event of the stream decides about its end.
    case endless
    /// Nothing is plain.
    case unknown
  }

  private let kind: Kind

  /// Creates a glance at the events of a dialect.
  package init(_ dialect: any Dialect) {
    switch dialect {
    case is AnthropicDialect: kind = .anthropic
    case is OpenAIChatDialect: kind = .chat
    case is OpenAIResponsesDialect: kind = .responses
    case is GeminiDialect: kind = .gemini
    default: kind = dialect.marksItsEnd ? .unknown : .endless
    }
  }

  /// Looks at an event.
  ///
  /// - Returns: Whether it is a piece of content, or only a sign of life; nil where it has to be
  ///   read.
  package func look(at event: ServerSentEvent) -> Bool? {
    switch kind {
    case .anthropic:
      if event.type == "content_block_delta" { return true }
      return event.type == "ping" ? false : nil
    case .responses: return event.type.utf8.hasSuffix(".delta") ? true : nil
    case .chat: return event.type == "message" ? Self.isContent(event, ChatGlance.self) : nil
    case .gemini: return event.type == "message" ? Self.isContent(event, GeminiGlance.self) : nil
    case .endless: return event.isError ? nil : event.type != "ping"
    case .unknown: return nil
    }
  }

  /// What a key says of the event that it stands in.
  fileprivate enum Meaning {
    /// Whatever its value is, unless that is null, the event has to be read.
    case telling
    /// A string that is not empty is content.
    case content
    /// A list that is not empty, or an object, is content.
    case call
  }

  private static func isContent<Keys: KeyMeanings>(
    _ event: ServerSentEvent, _ keys: Keys.Type
  ) -> Bool? {
    event.data.utf8.withContiguousStorageIfAvailable { bytes in
      var isContent: Bool?
      var index = 0
      while index < bytes.count {
        guard bytes[index] == UInt8(ascii: "\"") else {
          index += 1
          continue
        }
        index += 1
        guard let (meaning, length) = keys.meaning(of: bytes, at: index) else { continue }
        var value = index + length
        while value < bytes.count, bytes[value] == 0x20 { value += 1 }
        guard value < bytes.count, bytes[value] == UInt8(ascii: ":") else { continue }
        value += 1
        while value < bytes.count, bytes[value] == 0x20 { value += 1 }
        guard value + 1 < bytes.count else { return nil }
        index = value
        switch (meaning, bytes[value]) {
        case (_, UInt8(ascii: "n")): continue
        case (.telling, _): return nil
        case (.content, UInt8(ascii: "\"")):
          if bytes[value + 1] != UInt8(ascii: "\"") { isContent = true } else { index += 2 }
        case (.call, UInt8(ascii: "[")):
          if bytes[value + 1] != UInt8(ascii: "]") { isContent = true }
        case (.call, UInt8(ascii: "{")): isContent = true
        default: return nil
        }
      }
      return isContent
    } ?? nil
  }
}

/// The keys of a dialect that tell what an event is.
private protocol KeyMeanings {
  /// What the key says that begins at a place, and its length with the mark behind it; nil where
  /// it says nothing.
  static func meaning(
    of bytes: UnsafeBufferPointer<UInt8>, at place: Int
  ) -> (ContentGlance.Meaning, Int)?
}

private enum ChatGlance: KeyMeanings {
  static func meaning(
    of bytes: UnsafeBufferPointer<UInt8>, at place: Int
  ) -> (ContentGlance.Meaning, Int)? {
    guard place < bytes.count else { return nil }
    switch bytes[place] {
    case UInt8(ascii: "c"): return bytes.key("content\"", at: place, .content)
    case UInt8(ascii: "f"):
      return bytes.key("finish_reason\"", at: place, .telling)
        ?? bytes.key("function_call\"", at: place, .call)
    case UInt8(ascii: "u"): return bytes.key("usage\"", at: place, .telling)
    case UInt8(ascii: "e"): return bytes.key("error\"", at: place, .telling)
    case UInt8(ascii: "r"):
      return bytes.key("reasoning_content\"", at: place, .content)
        ?? bytes.key("reasoning\"", at: place, .content)
        ?? bytes.key("refusal\"", at: place, .content)
    case UInt8(ascii: "t"): return bytes.key("tool_calls\"", at: place, .call)
    default: return nil
    }
  }
}

private enum GeminiGlance: KeyMeanings {
  static func meaning(
    of bytes: UnsafeBufferPointer<UInt8>, at place: Int
  ) -> (ContentGlance.Meaning, Int)? {
    guard place < bytes.count else { return nil }
    switch bytes[place] {
    case UInt8(ascii: "t"): return bytes.key("text\"", at: place, .content)
    case UInt8(ascii: "f"):
      return bytes.key("finishReason\"", at: place, .telling)
        ?? bytes.key("functionCall\"", at: place, .call)
    case UInt8(ascii: "e"): return bytes.key("error\"", at: place, .telling)
    case UInt8(ascii: "b"): return bytes.key("blockReason\"", at: place, .telling)
    default: return nil
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// A key, where it stands at a place.
  fileprivate func key(
    _ name: StaticString, at place: Int, _ meaning: ContentGlance.Meaning
  ) -> (ContentGlance.Meaning, Int)? {
    let length = name.utf8CodeUnitCount
    guard place + length <= count else { return nil }
    for offset in 0..<length where self[place + offset] != name.utf8Start[offset] { return nil }
    return (meaning, length)
  }
}

extension String.UTF8View {
  fileprivate func hasSuffix(_ suffix: StaticString) -> Bool {
    let length = suffix.utf8CodeUnitCount
    return count >= length
      && self.suffix(length).elementsEqual(
        UnsafeBufferPointer(start: suffix.utf8Start, count: length))
  }
}
