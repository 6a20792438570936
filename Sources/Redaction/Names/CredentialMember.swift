internal import LosslessJSON

/// What the name of a JSON member says of its value.
enum CredentialMember {
  enum Meaning {
    case nothing
    /// A signature or encrypted content: no secret is looked for in it.
    case opaque
    /// The type of Anthropic's thinking that comes encrypted, in `data`.
    case redactedThinking
    /// The value of a pair whose other member names it: `{"name":…,"value":…}`.
    case pair
    /// The value authenticates, or may.
    case credential(CredentialName.Verdict)
  }

  private static let opaque = Set(JSONOpacity.keys)
  private static let pairKeys = Set(["value", "Value", "VALUE"].map { Array($0.utf8) })

  /// What a name, as it stands between its quotes, says.
  ///
  /// - Parameters:
  ///   - name: The bytes in the text, with their escapes.
  ///   - isThinking: Whether `data` is encrypted thinking.
  ///   - memo: What names said before.
  /// - Returns: What follows for the value.
  static func meaning(
    of name: ArraySlice<UInt8>, isThinking: Bool, _ memo: inout NameMemo
  ) -> Meaning {
    if name.contains(UInt8(ascii: "\\")) {
      return meaning(ofPlain: JSONQuote.unescaped(name)[...], isThinking: isThinking, &memo)
    }
    return meaning(ofPlain: name, isThinking: isThinking, &memo)
  }

  private static func meaning(
    ofPlain name: ArraySlice<UInt8>, isThinking: Bool, _ memo: inout NameMemo
  ) -> Meaning {
    switch name.first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "e"):
      if (9...17).contains(name.count), opaque.contains(Array(name)) { return .opaque }
    case UInt8(ascii: "d"):
      if isThinking, name.elementsEqual(JSONOpacity.dataKey) { return .opaque }
    case UInt8(ascii: "v"), UInt8(ascii: "V"):
      if pairKeys.contains(Array(name)) { return .pair }
    case UInt8(ascii: "r"):
      if name.elementsEqual(JSONOpacity.redactedThinking) { return .redactedThinking }
    default: break
    }
    let verdict = memo.verdict(of: name)
    return verdict == .innocent ? .nothing : .credential(verdict)
  }
}

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
