// Names and values that stand beside each other: `{"name":"API_KEY","value":"…"}`,
// `["x-api-key","…"]`.
extension SecretSearch {
  /// What the `value` of a pair is, by the member that names it, before or behind.
  ///
  /// It is nil where nothing is to be done. The value begins at `place`, its own name, `value`, at
  /// `name`.
  func pairValue(
    at place: Int, behind name: Int, _ level: Int, in bytes: [UInt8], _ isFinal: Bool
  ) throws(JSONGlance.Ended) -> Outcome? {
    var glance = JSONGlance(bytes, from: place, to: name + Self.windowBytes, level: level)
    guard try glance.opensString() else { return nil }
    let start = glance.place
    let named = try decidedName(
      before: name, behind: start, &glance, level, in: bytes, isFinal)
    guard let named else { return nil }
    let verdict = Self.verdict(ofField: named)
    guard verdict != .innocent else { return nil }
    var value = JSONGlance(bytes, from: start, to: name + Self.windowBytes, level: level)
    if verdict.judgesValue {
      let end = try value.stringEnd()
      guard verdict.takes(bytes[start..<end]) else { return nil }
    }
    let text = CredentialText(until: .quote(level: level))
    return .enter(.credential(text, .credentialMember, goesOn: false), at: start)
  }

  /// The name that the object of a value gives it; nil where it gives none in as much as is looked
  /// at.
  private func decidedName(
    before name: Int, behind start: Int, _ glance: inout JSONGlance, _ level: Int,
    in bytes: [UInt8], _ isFinal: Bool
  ) throws(JSONGlance.Ended) -> [UInt8]? {
    let near = max(0, name - Self.lookbackBytes)
    if let open = bytes[near..<name].lastIndex(of: UInt8(ascii: "{")) {
      var before = JSONGlance(bytes, from: open + 1, to: name, level: level)
      if let found = (try? before.namingMember()) ?? nil { return found }
    }
    do throws(JSONGlance.Ended) {
      _ = try glance.stringEnd()
      return try glance.namingMember()
    } catch {
      guard isFinal || bytes.count >= name + Self.windowBytes else { throw error }
      return nil
    }
  }

  /// What the second string of an array of two is, where the first one, of which the quote ends, is
  /// the name of a field; nil where it is no such array.
  func field(
    _ quote: JSONQuote, _ name: ArraySlice<UInt8>, in bytes: [UInt8], _ isFinal: Bool
  ) -> Outcome? {
    let open = name.startIndex - (1 << quote.level)
    guard open > max(0, reportedEnd), bytes[open - 1] == UInt8(ascii: "["),
      Self.verdict(ofField: Array(name)) != .innocent
    else { return nil }
    let limit = name.startIndex + Self.windowBytes
    let isSure = isFinal || bytes.count >= limit
    var glance = JSONGlance(bytes, from: quote.range.upperBound, to: limit, level: quote.level)
    do throws(JSONGlance.Ended) {
      guard try glance.skipToNext() == UInt8(ascii: ",") else { return nil }
      glance.skipOne()
      _ = try glance.skipToNext()
      guard try glance.opensString() else { return nil }
      let start = glance.place
      let end = try glance.stringEnd()
      guard try glance.skipToNext() == UInt8(ascii: "]") else { return nil }
      let value = Array(bytes[start..<end])
      let text = String(decoding: name, as: UTF8.self)
      let secret = CredentialHeader.secretStart(in: value, of: text) ?? 0
      guard CredentialHeader.isCookie(text) || CredentialName.looksLikeCredential(value[secret...])
      else { return nil }
      let rest = CredentialText(until: .quote(level: quote.level))
      return .enter(.credential(rest, .credentialHeader, goesOn: false), at: start + secret)
    } catch {
      return isSure ? nil : .undecided
    }
  }

  /// What a name says of its value where it may be that of a header field.
  static func verdict(ofField name: [UInt8]) -> CredentialName.Verdict {
    guard (2...CredentialName.limitBytes).contains(name.count) else { return .innocent }
    let verdict = CredentialName.verdict(of: name)
    guard verdict == .innocent else { return verdict }
    return CredentialHeader.isNamed(String(decoding: name, as: UTF8.self)) ? .credential : .innocent
  }
}
