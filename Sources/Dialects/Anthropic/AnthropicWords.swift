internal import LosslessJSON

/// The types of events whose data the SDK knows.
enum AnthropicEventType: CaseIterable {
  case messageStart, blockStart, blockDelta, blockStop, messageDelta, messageStop, ping, error

  /// The type of that name, compared by its bytes: it is asked for at every event.
  init?(_ name: [UInt8]) {
    guard let type = Self.allCases.first(where: { name.spells($0.spelling) }) else { return nil }
    self = type
  }

  /// The type as it is sent.
  var spelling: StaticString {
    switch self {
    case .messageStart: "message_start"
    case .blockStart: "content_block_start"
    case .blockDelta: "content_block_delta"
    case .blockStop: "content_block_stop"
    case .messageDelta: "message_delta"
    case .messageStop: "message_stop"
    case .ping: "ping"
    case .error: "error"
    }
  }
}

/// The types of deltas that the SDK knows.
enum AnthropicDeltaType: CaseIterable {
  case text, inputJSON, thinking, signature, citations, compaction

  /// The type of that name, compared by its bytes: it is asked for at every delta.
  init?(_ name: [UInt8]) {
    guard let type = Self.allCases.first(where: { name.spells($0.spelling) }) else { return nil }
    self = type
  }

  /// The type as it is sent.
  var spelling: StaticString {
    switch self {
    case .text: "text_delta"
    case .inputJSON: "input_json_delta"
    case .thinking: "thinking_delta"
    case .signature: "signature_delta"
    case .citations: "citations_delta"
    case .compaction: "compaction_delta"
    }
  }
}

extension [UInt8] {
  /// Whether these are the bytes of a word.
  fileprivate func spells(_ word: StaticString) -> Bool {
    count == word.utf8CodeUnitCount
      && elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }
}
