// The parts of a form: `Content-Disposition: form-data; name="api_key"`.
extension SecretSearch {
  /// What a part holds, by the name of its field; nil where no such name begins behind a `=`.
  ///
  /// What is covered is a line: keys have no more. (RFC 7578, 4.2)
  func part(
    at equals: Int, name parameter: ArraySlice<UInt8>, in bytes: [UInt8], isFinal: Bool
  ) -> Outcome? {
    guard parameter.elementsEqual("name".utf8) else { return nil }
    let front = bytes[..<parameter.startIndex]
    let field = front[max(0, front.endIndex - Self.lookbackBytes)...].reversed().drop { $0 == 0x20 }
    guard field.starts(with: "form-data;".utf8.reversed()) else { return nil }
    let limit = equals + Self.windowBytes
    let near = bytes[(equals + 1)..<min(bytes.count, limit)]
    let unknown = isFinal || bytes.count >= limit ? nil : Outcome.undecided
    guard let quote = near.first else { return unknown }
    let nameStart = equals + 2
    guard quote == UInt8(ascii: "\"") else { return nil }
    guard let nameEnd = near.dropFirst().firstIndex(of: quote) else { return unknown }
    let verdict = Self.verdict(ofField: Array(bytes[nameStart..<nameEnd]))
    guard verdict != .innocent else { return nil }
    guard let start = Self.endOfHead(in: near[nameEnd...]) else { return unknown }
    let text = CredentialText(until: .lineEnd)
    if verdict.judgesValue {
      let (end, isEnded) = text.end(
        from: start, in: bytes, upTo: start + Self.valueLookBytes, isFinal: isFinal)
      guard isEnded || end >= start + Self.valueLookBytes || isFinal else { return .undecided }
      guard verdict.takes(bytes[start..<end]) else { return nil }
    }
    return .enter(.credential(text, .credentialMember, goesOn: false), at: start)
  }

  /// Where the first empty line of a text ends.
  private static func endOfHead(in text: ArraySlice<UInt8>) -> Int? {
    var isEmpty = false
    for place in text.indices {
      switch text[place] {
      case 0x0A where isEmpty: return place + 1
      case 0x0A: isEmpty = true
      case 0x0D: break
      default: isEmpty = false
      }
    }
    return nil
  }
}
