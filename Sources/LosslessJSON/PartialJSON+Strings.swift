extension PartialJSON {
  /// An escape that is being read: `\n`, `\u00e9`, or the pair `\ud83d\ude00`.
  struct Escape: Sendable {
    /// The bytes behind the backslash.
    var bytes: [UInt8] = []
  }

  /// Takes what is plain of a string, and the byte behind it; gives the index behind that.
  mutating func takeString(_ piece: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let index = plainEnd(of: piece, from: start)
    token.append(contentsOf: piece[start..<index])
    guard index < piece.count else { return index }
    guard case .string(let isKey) = state else { return index }
    switch piece[index] {
    case UInt8(ascii: "\\"): state = .escape(isKey: isKey)
    case UInt8(ascii: "\""): endString(isKey: isKey)
    default: fail(.controlCharacter, after: index - start)
    }
    return index + 1
  }

  /// The index of the first byte that is a quote, a backslash or a control character, or of the
  /// end.
  private mutating func plainEnd(of piece: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = piece.baseAddress else { return start }
    var index = start
    while index < piece.count {
      if piece.count - index >= 8 {
        let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
        let plain = JSONString.plainPrefix(of: UInt64(littleEndian: word))
        index += plain
        if plain == 8 { continue }
      }
      let byte = base[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      if byte >= 0x80 { hasWideBytes = true }
      index += 1
    }
    return index
  }

  private mutating func endString(isKey: Bool) {
    guard !hasWideBytes || UTF8Check.isValid(token) else { return fail(.invalidUTF8) }
    hasWideBytes = false
    let bytes = token
    token = []
    guard isKey else { return deliver(.string(bytes)) }
    frames[frames.count - 1].key = bytes
    state = .colon
  }

  /// Takes a byte of an escape.
  ///
  /// Four digits are looked at together when the last has come: before that, they are not whole.
  mutating func takeEscape(_ byte: UInt8) {
    escape.bytes.append(byte)
    switch escape.bytes.count {
    case 1:
      if byte == UInt8(ascii: "u") { return }
      guard let plain = JSONString.byte(escapedAs: byte) else { return fail(.invalidEscape) }
      endEscape(Unicode.Scalar(plain))
    case 5:
      guard let unit = JSONString.unit(of: escape.bytes[1..<5]) else { return fail(.invalidEscape) }
      if unit & 0xfc00 == 0xd800 { return }
      guard let scalar = Unicode.Scalar(unit) else { return fail(.invalidEscape) }
      endEscape(scalar)
    case 6: if byte != UInt8(ascii: "\\") { fail(.invalidEscape) }
    case 7: if byte != UInt8(ascii: "u") { fail(.invalidEscape) }
    case 11:
      guard let high = JSONString.unit(of: escape.bytes[1..<5]),
        let low = JSONString.unit(of: escape.bytes[7..<11]),
        low & 0xfc00 == 0xdc00,
        let scalar = Unicode.Scalar(0x10000 + ((high & 0x3ff) << 10 | low & 0x3ff))
      else { return fail(.invalidEscape) }
      endEscape(scalar)
    default: break
    }
  }

  private mutating func endEscape(_ scalar: Unicode.Scalar) {
    token.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    escape.bytes.removeAll(keepingCapacity: true)
    if case .escape(let isKey) = state { state = .string(isKey: isKey) }
  }
}
