/// The query parameters whose values authenticate.
enum CredentialParameter {
  /// Names that have none of the words that `CredentialName` knows, in lower case and without `-`,
  /// `_` and `.`.
  private static let names: Set<String> = [
    "accesskeyid", "awsaccesskeyid", "googleaccessid", "sig", "sign", "hmac", "assertion",
    "clientassertion", "codeverifier", "samlresponse", "sid", "code", "session", "ticket", "otp",
    "pass", "pw", "pin",
  ]
  /// Those of them that say little in a text, where `code` is a word.
  private static let wordsOfTexts: Set<String> = [
    "code", "session", "ticket", "pass", "pin", "sign",
  ]

  /// One `name=value` of a query.
  private struct Parameter {
    /// The whole of it, without the separator.
    let range: Range<Int>
    /// What stands behind its first `=`, empty where it has none.
    let value: Range<Int>
    let carriesCredentials: Bool
  }

  /// The offset behind the first `?` or `#`, or the end.
  static func startOfQuery(_ bytes: [UInt8]) -> Int {
    (bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.count - 1) + 1
  }

  /// Puts `*` in place of each byte of the values that authenticate.
  static func redactAll(in bytes: inout [UInt8], from start: Int) {
    for parameter in parameters(of: bytes, from: start) where parameter.carriesCredentials {
      for place in parameter.value { bytes[place] = UInt8(ascii: "*") }
    }
  }

  /// Finds the names of those whose values authenticate and are not redacted.
  static func unredacted(in bytes: [UInt8], from start: Int) -> [String] {
    parameters(of: bytes, from: start).filter { parameter in
      parameter.carriesCredentials
        && bytes[parameter.value].contains { $0 != UInt8(ascii: "*") }
    }.map { parameter in
      let name = bytes[parameter.range].prefix { $0 != UInt8(ascii: "=") }
      return String(decoding: name, as: UTF8.self)
    }
  }

  /// The target without the parameters that authenticate, and without `?` where they were all.
  static func removeAll(from target: String) -> String {
    let bytes = Array(target.utf8)
    let start = startOfQuery(bytes)
    let all = parameters(of: bytes, from: start)
    let kept = all.filter { !$0.carriesCredentials }
    guard kept.count < all.count else { return target }
    // An empty parameter, as between two "&", stays one.
    let query = kept.map { bytes[$0.range] }.joined(separator: "&".utf8)
    let path = kept.isEmpty ? bytes[..<(start - 1)] : bytes[..<start]
    return String(decoding: path + Array(query), as: UTF8.self)
  }

  private static func parameters(of bytes: [UInt8], from start: Int) -> [Parameter] {
    guard start < bytes.count else { return [] }
    let separators = Array("&#".utf8)
    return bytes[start...].split(omittingEmptySubsequences: false) { separators.contains($0) }
      .map { part in
        let equals = part.firstIndex(of: UInt8(ascii: "="))
        return Parameter(
          range: part.indices, value: equals.map { ($0 + 1)..<part.endIndex } ?? 0..<0,
          carriesCredentials: carriesCredentials(part[..<(equals ?? part.endIndex)]))
      }
  }

  /// What the name of a parameter says that a text gives in a URL.
  static func verdict(inText name: ArraySlice<UInt8>) -> CredentialName.Verdict {
    let decoded = PercentDecoded(name).bytes
    if CredentialName.namesText(decoded) { return .credential }
    let plain = plain(decoded)
    guard names.contains(plain) else { return .innocent }
    return wordsOfTexts.contains(plain) ? .generated : .credential
  }

  private static func carriesCredentials(_ name: ArraySlice<UInt8>) -> Bool {
    let decoded = PercentDecoded(name).bytes
    return CredentialName.namesText(decoded) || names.contains(plain(decoded))
  }

  private static func plain(_ name: [UInt8]) -> String {
    String(decoding: name.filter { !"-_.".utf8.contains($0) }, as: UTF8.self).lowercased()
  }
}

/// A text of a URL or a form as its reader gets it, and where each byte of that stands. (RFC 3986,
/// 2.1)
struct PercentDecoded {
  private(set) var bytes: [UInt8] = []
  /// Where each byte begins in the text, and where the text ends.
  private var starts: [Int] = []

  init(_ text: ArraySlice<UInt8>) {
    var rest = text
    while let byte = rest.first {
      starts.append(rest.startIndex)
      let digits = rest.dropFirst().prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        digits.allSatisfy({ ByteTraits.of($0).contains(.hexadecimal) }),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    starts.append(text.endIndex)
  }

  /// Puts `*` in the text wherever `redact` changes what it means.
  static func redact(_ text: inout [UInt8], _ redact: (inout [UInt8]) -> Void) {
    guard text.contains(UInt8(ascii: "%")) else { return }
    let decoded = PercentDecoded(text[...])
    var redacted = decoded.bytes
    redact(&redacted)
    for (index, byte) in redacted.enumerated() where byte != decoded.bytes[index] {
      for place in decoded.starts[index]..<decoded.starts[index + 1] {
        text[place] = UInt8(ascii: "*")
      }
    }
  }
}
