internal import LosslessJSON

/// One part of what a message says: what must be the same for two messages to mean the same.
public struct MessagePart: Hashable, Sendable {
  /// What kind of part it is.
  public enum Kind: String, Hashable, Sendable {
    case text
    case thinking
    case refusal
    /// A call of a tool or a function; `name` is the tool's.
    case toolCall
    /// Anything else, as its JSON.
    case other

    /// What a sentence calls it.
    var noun: String {
      switch self {
      case .text, .thinking, .refusal: rawValue
      case .toolCall: "arguments of a tool call"
      case .other: "content"
      }
    }
  }

  /// What kind of part it is.
  public var kind: Kind

  /// The tool's name, or the type of another part; "" for the rest.
  public var name: String

  /// The text, the arguments of the call as they were sent, or the JSON: UTF-8.
  public var bytes: [UInt8]

  /// The choice or candidate that it belongs to, from 0.
  public var choice: Int

  /// Creates a part.
  public init(_ kind: Kind, name: String = "", _ bytes: [UInt8], choice: Int = 0) {
    self.kind = kind
    self.name = name
    self.bytes = bytes
    self.choice = choice
  }
}

extension MessagePart {
  /// The part in UTF-8, whatever halves of surrogate pairs came.
  var wellFormed: MessagePart {
    var part = self
    part.bytes = JSONString.wellFormed(bytes).text
    return part
  }
}
