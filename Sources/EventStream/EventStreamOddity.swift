/// One thing about a body that real clients trip over, whether or not the grammar allows it.
public struct EventStreamOddity: Hashable, Sendable, CustomStringConvertible {
  /// What can be odd.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// A byte order mark in front, which a client must drop and some keep.
    case byteOrderMark
    /// A line that ends otherwise than the line before it.
    case mixedLineEnds
    /// A byte that is not valid UTF-8 and becomes U+FFFD, or ends a strict client's stream.
    case invalidUTF8
    /// A NUL byte.
    case nul
    /// A line that is no comment and whose name has no meaning; it is ignored.
    case unknownField
    /// An `id` that holds NUL; it is ignored.
    case idWithNUL
    /// A `retry` that is not all ASCII digits; it is ignored.
    case retryNotDigits
    /// A block that sets a type, an ID or a time but has no data; some clients emit an event there.
    case blockWithoutData
    /// A blank line where no line came before it; some clients emit an event there.
    case extraBlankLine
    /// Bytes at the end that no blank line ends; they are dropped.
    case unfinishedTail
  }

  /// What is odd.
  public let kind: Kind

  /// The offset in the body of the first byte concerned.
  public let offset: Int

  /// How many bytes are concerned.
  public let length: Int

  /// One sentence for a terminal: the place, what is there, and what follows from it.
  public var description: String {
    let bytes = length == 1 ? "1 byte" : "\(length) bytes"
    let text =
      switch kind {
      case .byteOrderMark:
        "the stream begins with a byte order mark, which some clients do not drop"
      case .mixedLineEnds:
        "this line ends differently from the line before it"
      case .invalidUTF8:
        "\(bytes) of invalid UTF-8, which become U+FFFD or end the stream of a strict client"
      case .nul:
        "a NUL byte, which the grammar allows and C strings do not"
      case .unknownField:
        "this line is neither a comment nor a known field, and is ignored"
      case .idWithNUL:
        "this id holds a NUL byte, and is ignored"
      case .retryNotDigits:
        "this retry does not consist of digits only, and is ignored"
      case .blockWithoutData:
        "this block has fields but no data: it is not dispatched, though some clients dispatch it"
      case .extraBlankLine:
        "a blank line with no line before it: nothing is dispatched, though some clients dispatch it"
      case .unfinishedTail:
        "no blank line ends the last \(bytes), so clients drop them"
      }
    return "byte \(offset): \(text)"
  }
}
