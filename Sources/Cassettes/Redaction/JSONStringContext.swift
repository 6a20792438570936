internal import JSON

/// Knows the key of the JSON string that a position in a text is in, with constant state.
///
/// It takes no more of JSON than strings, keys and line ends. A line end resets it, so that a line
/// that is no JSON, or a quote that is never closed, spoils no line but its own.
struct JSONStringContext: Sendable {
  /// The bytes that it must be told of.
  static let bytes = Array("\"\\\r\n".utf8)

  /// The keys whose values are signatures or encrypted content, which look like anything by chance.
  static let opaqueKeys = [
    "signature", "thoughtSignature", "thought_signature", "encrypted_content", "encrypted_index",
  ].map { Array($0.utf8) }
  private static let dataKey = Array("data".utf8)
  private static let redactedThinking = Array("redacted_thinking".utf8)

  /// The keys of an object whose values are opaque.
  static func opaqueKeys(of object: JSONValue) -> [[UInt8]] {
    object["type"] == .string(redactedThinking) ? opaqueKeys + [dataKey] : opaqueKeys
  }

  private var isInString = false
  private var escaped = -1
  private var stringStart = 0
  /// The end of the last string, where its value would be opaque if it were a key.
  private var opaqueKeyEnd: Int?
  private var isRedactedThinking = false
  /// The end of the last string, where its value would authenticate if it were a key.
  private var credentialKeyEnd: Int?

  /// Whether the position is in a string in which no secret is looked for.
  private(set) var isOpaque = false

  /// Whether the string that just begins authenticates.
  private(set) var isCredential = false

  /// Takes note of one of `JSONStringContext.bytes`.
  mutating func note(_ byte: UInt8, at place: Int, in text: [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""):
      guard place != escaped else { break }
      if isInString { close(at: place, in: text) } else { open(at: place, in: text) }
    case UInt8(ascii: "\\"):
      if isInString, place != escaped { escaped = place + 1 }
    default: self = JSONStringContext()
    }
  }

  private mutating func open(at place: Int, in text: [UInt8]) {
    isInString = true
    stringStart = place + 1
    guard let end = opaqueKeyEnd ?? credentialKeyEnd else { return }
    let isValue = text[(end + 1)..<place].filter { $0 != UInt8(ascii: " ") && $0 != 9 } == [0x3A]
    isOpaque = isValue && opaqueKeyEnd != nil
    isCredential = isValue && credentialKeyEnd != nil
    opaqueKeyEnd = nil
    credentialKeyEnd = nil
  }

  private mutating func close(at place: Int, in text: [UInt8]) {
    isInString = false
    isOpaque = false
    isCredential = false
    let count = place - stringStart
    if CredentialMember.lengths.contains(count),
      CredentialMember.isNamed(stringStart..<place, in: text)
    {
      credentialKeyEnd = place
    }
    // No name that matters here is shorter than `data` or longer than `redacted_thinking`.
    guard (4...17).contains(count) else { return }
    let string = text[stringStart..<place]
    if string.elementsEqual(Self.redactedThinking) { isRedactedThinking = true }
    let isOpaqueKey =
      Self.opaqueKeys.contains { string.elementsEqual($0) }
      || isRedactedThinking && string.elementsEqual(Self.dataKey)
    opaqueKeyEnd = isOpaqueKey ? place : nil
  }
}
