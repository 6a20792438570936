/// Knows the key of the JSON string that a position in a text is in, with constant state.
///
/// It takes no more of JSON than strings, keys and line ends. A line end resets it, so that a line that is no
/// JSON, or a quote that is never closed, spoils no line but its own.
struct JSONStringContext: Sendable {
  /// The keys whose values are signatures or encrypted content, which look like anything by chance.
  private static let opaqueKeys = [
    "signature", "thoughtSignature", "thought_signature", "encrypted_content", "encrypted_index",
  ].map { Array($0.utf8) }
  private static let dataKey = Array("data".utf8)
  private static let redactedThinking = Array("redacted_thinking".utf8)

  private var isInString = false
  private var escaped = -1
  private var stringStart = 0
  private var lastString = 0..<0
  private var nextIsOpaque = false
  private var isRedactedThinking = false

  /// Whether the position is in a string in which no secret is looked for.
  private(set) var isOpaque = false

  /// Takes note of a byte that means something to JSON: `"`, `\`, `:`, `,`, `[`, `{`, CR or LF.
  mutating func note(_ byte: UInt8, at place: Int, in bytes: [UInt8]) {
    switch byte {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): self = JSONStringContext()
    case _ where place == escaped: break
    case UInt8(ascii: "\\"): if isInString { escaped = place + 1 }
    case UInt8(ascii: "\""): if isInString { close(at: place, in: bytes) } else { open(at: place) }
    case _ where isInString: break
    case UInt8(ascii: ":"): noteKey(in: bytes)
    default: nextIsOpaque = false
    }
  }

  private mutating func open(at place: Int) {
    isInString = true
    stringStart = place + 1
    isOpaque = nextIsOpaque
    nextIsOpaque = false
  }

  private mutating func close(at place: Int, in bytes: [UInt8]) {
    isInString = false
    isOpaque = false
    lastString = stringStart..<place
    if bytes[lastString].elementsEqual(Self.redactedThinking) { isRedactedThinking = true }
  }

  private mutating func noteKey(in bytes: [UInt8]) {
    guard lastString.count <= 20 else { return }
    let key = bytes[lastString]
    nextIsOpaque =
      Self.opaqueKeys.contains { key.elementsEqual($0) }
      || isRedactedThinking && key.elementsEqual(Self.dataKey)
  }
}
