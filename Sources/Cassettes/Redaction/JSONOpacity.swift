internal import LosslessJSON

/// The members of JSON objects that are signatures or encrypted content, which look like anything
/// by chance.
enum JSONOpacity {
  /// The keys whose values are opaque wherever they stand.
  static let keys = [
    "signature", "thoughtSignature", "thought_signature", "encrypted_content", "encrypted_index",
  ].map { Array($0.utf8) }
  /// The key whose value is opaque beside `redactedThinking`.
  static let dataKey = Array("data".utf8)
  static let redactedThinking = Array("redacted_thinking".utf8)

  /// The keys of an object whose values are opaque.
  static func keys(of object: JSONValue) -> [[UInt8]] {
    object["type"] == .string(redactedThinking) ? keys + [dataKey] : keys
  }
}
