/// Why a text is no JSON, and where. (RFC 8259)
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was wrong with the text.
  public enum Reason: Hashable, Sendable, CustomStringConvertible {
    /// The text ends inside a value.
    case unexpectedEnd
    /// A byte that the grammar does not allow there.
    case unexpectedByte(UInt8)
    /// Bytes follow the value.
    case trailingBytes
    /// Bytes that are not UTF-8. (RFC 8259, 8.1)
    case invalidUTF8
    /// A control character below U+0020 that is not escaped. (RFC 8259, 7)
    case controlCharacter
    /// An escape that JSON does not have. (RFC 8259, 7)
    case invalidEscape
    /// A number with a leading zero, or without digits where they are needed. (RFC 8259, 6)
    case invalidNumber
    /// More arrays and objects inside each other than this many.
    case tooDeep(Int)
    /// More values than this many.
    case tooMany(Int)

    /// What was wrong, as the end of a sentence about the JSON.
    public var description: String {
      switch self {
      case .unexpectedEnd: "ends inside a value"
      case .unexpectedByte(let byte):
        (0x21...0x7e).contains(byte)
          ? "has an unexpected '\(Unicode.Scalar(byte))'"
          : "has an unexpected byte 0x\(String(byte, radix: 16))"
      case .trailingBytes: "goes on after its value"
      case .invalidUTF8: "is not UTF-8"
      case .controlCharacter: "has a control character that is not escaped"
      case .invalidEscape: "has an escape that JSON does not know"
      case .invalidNumber: "has a number that JSON does not allow"
      case .tooDeep(let limit): "nests deeper than \(limit)"
      case .tooMany(let limit): "has more than \(limit) values"
      }
    }
  }

  /// What was wrong.
  public var reason: Reason

  /// The byte at which it was noticed, from 0.
  public var offset: Int

  /// Creates an error from its parts.
  public init(_ reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// What was wrong and at which column, as the end of a sentence about a line.
  public var description: String {
    "the JSON \(reason), at column \(offset + 1)"
  }
}
