internal import HTTP
internal import Patterns

/// Puts `*` in the place of what authenticates.
///
/// A replacement has as many bytes as what it replaces, so that chunk boundaries, offsets and
/// lengths stay true. What has been redacted is left alone the second time: so a recording and a
/// request that were redacted by the same rules can be compared.
package enum Redactor {
  /// Redacts the value of one field: the whole value of those that carry credentials, what has the
  /// shape of a key in others, and what the rules say of any.
  ///
  /// - Parameters:
  ///   - value: The value, each byte that goes over the wire a scalar. (RFC 9110, 5.5)
  ///   - name: The field's name; case does not count.
  ///   - rules: What to cover.
  /// - Returns: The value, with as many bytes.
  package static func redact(
    value: String, ofField name: String, by rules: RedactionRules = .standard
  ) -> String {
    // Another was in no field that went over a wire: what its bytes are, nobody can say.
    guard let latin1 = Latin1.bytes(of: value) else { return redact(text: value, by: rules) }
    var bytes = latin1
    settle(&bytes, by: rules) { bytes in
      if rules.keeps(fieldNamed: name) {
        redact(&bytes, byPatternsOf: rules)
      } else if let start = CredentialHeader.secretStart(in: bytes, of: name) {
        for place in start..<bytes.count { bytes[place] = UInt8(ascii: "*") }
        redact(&bytes, byPatternsOf: rules)
      } else if CredentialHeader.holdsURL(name) {
        redactURL(&bytes, by: rules)
      } else {
        redactText(&bytes, by: rules)
      }
    }
    return bytes == latin1 ? value : Latin1.string(of: bytes)
  }

  /// Whether of fields of that name the value is redacted, whatever it is.
  package static func redacts(fieldNamed name: String) -> Bool { CredentialHeader.isNamed(name) }

  /// Redacts a request target in origin form: the values of credential parameters, and keys
  /// anywhere.
  ///
  /// - Parameters:
  ///   - target: The path and query of a request.
  ///   - rules: What to cover.
  /// - Returns: The target, as long as it was.
  package static func redact(target: String, by rules: RedactionRules = .standard) -> String {
    var bytes = Array(target.utf8)
    settle(&bytes, by: rules) { redactTarget(&$0, by: rules) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Redacts a URL: user name and password, the values of credential parameters, and keys anywhere.
  ///
  /// - Parameters:
  ///   - url: An absolute URL, or a reference.
  ///   - rules: What to cover.
  /// - Returns: The URL, as long as it was.
  package static func redact(url: String, by rules: RedactionRules = .standard) -> String {
    var bytes = Array(url.utf8)
    settle(&bytes, by: rules) { redactURL(&$0, by: rules) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What matching compares of a target: redacted, and without its credential parameters.
  ///
  /// - Parameters:
  ///   - target: The path and query of a request.
  ///   - rules: What to cover.
  /// - Returns: The target, shorter by the parameters that carry credentials; without `?` where
  ///   none is left.
  package static func withoutCredentials(
    target: String, by rules: RedactionRules = .standard
  ) -> String {
    // A pattern may cover what the parameters are known by, and in a recording it has.
    let target = rules.patterns.isEmpty ? target : redact(target: target, by: rules)
    return redact(target: CredentialParameter.removeAll(from: target), by: rules)
  }

  /// Redacts what has the shape of a key in a whole body, and what the rules say.
  package static func redact(body: inout [UInt8], by rules: RedactionRules = .standard) {
    var redactor = BodyRedactor(rules: rules)
    _ = redactor.redact(&body, isFinal: true)
  }

  /// Redacts the body of a request until nothing changes any more.
  ///
  /// - Parameters:
  ///   - body: The whole body.
  ///   - isForm: Whether the request says that it is a form, in a URL's encoding.
  ///   - rules: What to cover.
  package static func redact(
    requestBody body: inout [UInt8], isForm: Bool, by rules: RedactionRules = .standard
  ) {
    settle(&body, by: rules) { body in
      if isForm {
        CredentialParameter.redactAll(in: &body, from: 0)
        PercentDecoded.redact(&body) { redactText(&$0, by: rules) }
      }
      redact(document: &body, by: rules)
    }
  }

  /// Redacts what has the shape of a key in a text, for a log or a message, and what patterns
  /// match.
  package static func redact(text: String, by rules: RedactionRules = .standard) -> String {
    var bytes = Array(text.utf8)
    redact(text: &bytes, by: rules)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Redacts a text that need not be UTF-8.
  package static func redact(text bytes: inout [UInt8], by rules: RedactionRules) {
    settle(&bytes, by: rules) { bytes in
      // A message may quote a URL.
      PercentDecoded.redact(&bytes) { redactText(&$0, by: rules) }
      redactText(&bytes, by: rules)
    }
  }

  /// Where the user information of a URL stands, without its `@`; empty where there is none. (RFC
  /// 3986, 3.2.1)
  static func userInformation(in url: [UInt8]) -> Range<Int> {
    // A reference has an authority only behind "//"; curl takes a URL without a scheme too.
    guard url.first != UInt8(ascii: "/") || url.starts(with: "//".utf8) else { return 0..<0 }
    let end = { (from: Int) in
      url[from...].firstIndex { "/?#\\".utf8.contains($0) } ?? url.count
    }
    var start = 0
    if url.starts(with: "//".utf8) {
      start = 2
    } else if let colon = url.firstIndex(of: UInt8(ascii: ":")),
      url[colon...].starts(with: "://".utf8), colon < end(0)
    {
      start = colon + 3
    }
    let at = url[start..<end(start)].lastIndex(of: UInt8(ascii: "@"))
    return start..<(at ?? start)
  }
}

extension Redactor {
  /// How often a text is redacted until nothing changes any more.
  static let limitRounds = 8

  /// Redacts until nothing changes: the `*` of one pattern can be what another one matches.
  ///
  /// The built-in rules never need a second round.
  private static func settle(
    _ bytes: inout [UInt8], by rules: RedactionRules, _ redact: (inout [UInt8]) -> Void
  ) {
    redact(&bytes)
    guard !rules.patterns.isEmpty else { return }
    for _ in 1..<limitRounds {
      let before = bytes
      redact(&bytes)
      guard bytes != before else { return }
    }
  }

  private static func redactURL(_ bytes: inout [UInt8], by rules: RedactionRules) {
    for place in userInformation(in: bytes) where bytes[place] != UInt8(ascii: ":") {
      bytes[place] = UInt8(ascii: "*")
    }
    // What a pattern matches from its start on, it must match in the target that a client asks for
    // too.
    let start = rules.patterns.isEmpty ? 0 : startOfTarget(bytes)
    var target = Array(bytes[start...])
    redactTarget(&target, by: rules)
    bytes.replaceSubrange(start..., with: target)
    if start > 0 { redactText(&bytes, by: rules) }
  }

  private static func redactTarget(_ bytes: inout [UInt8], by rules: RedactionRules) {
    CredentialParameter.redactAll(in: &bytes, from: CredentialParameter.startOfQuery(bytes))
    PercentDecoded.redact(&bytes) { redactText(&$0, by: rules) }
    redactText(&bytes, by: rules)
  }

  private static func redactText(_ bytes: inout [UInt8], by rules: RedactionRules) {
    redact(body: &bytes, by: RedactionRules(patterns: rules.patterns))
  }

  /// Covers what patterns match, and nothing else.
  private static func redact(_ bytes: inout [UInt8], byPatternsOf rules: RedactionRules) {
    var found: [Range<Int>] = []
    for pattern in rules.patterns {
      var search = PatternSearch(pattern)
      search.search(bytes, isFinal: true, &found)
    }
    for range in found { Cover(range: range).apply(to: &bytes, within: bytes.indices) }
  }

  /// Where the path of an absolute URL begins; 0 in a reference.
  private static func startOfTarget(_ url: [UInt8]) -> Int {
    guard let colon = url.firstIndex(of: UInt8(ascii: ":")), url[colon...].starts(with: "://".utf8)
    else { return 0 }
    return url[(colon + 3)...].firstIndex { "/?#".utf8.contains($0) } ?? url.count
  }
}
