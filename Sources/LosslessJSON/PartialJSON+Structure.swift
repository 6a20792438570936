extension PartialJSON {
  /// Takes a byte between two tokens, or the first of one.
  mutating func takeStructure(_ byte: UInt8) {
    switch byte {
    case 0x20, 0x09, 0x0a, 0x0d: return
    default: break
    }
    switch state {
    case .firstElement where byte == UInt8(ascii: "]"): close(byte)
    case .value, .firstElement: begin(byte)
    case .firstKey where byte == UInt8(ascii: "}"): close(byte)
    case .firstKey, .nextKey:
      guard byte == UInt8(ascii: "\"") else { return fail(.unexpectedByte(byte)) }
      state = .string(isKey: true)
    case .colon:
      guard byte == UInt8(ascii: ":") else { return fail(.unexpectedByte(byte)) }
      state = .value
    case .afterValue: takeSeparator(byte)
    default: break
    }
  }

  private mutating func begin(_ byte: UInt8) {
    guard frames.count <= Self.deepest else { return fail(.tooDeep(Self.deepest)) }
    switch byte {
    case UInt8(ascii: "{"): open(isArray: false)
    case UInt8(ascii: "["): open(isArray: true)
    case UInt8(ascii: "\""): state = .string(isKey: false)
    case UInt8(ascii: "-"): beginNumber(byte, .minus)
    case UInt8(ascii: "0"): beginNumber(byte, .zero)
    case UInt8(ascii: "1")...UInt8(ascii: "9"): beginNumber(byte, .integer)
    default:
      guard let word = Word(first: byte) else { return fail(.unexpectedByte(byte)) }
      state = .word(word, matched: 1)
    }
  }

  private mutating func beginNumber(_ byte: UInt8, _ place: NumberPlace) {
    token.append(byte)
    state = .number(place)
  }

  private mutating func takeSeparator(_ byte: UInt8) {
    guard byte == UInt8(ascii: ","), let frame = frames.last else { return close(byte) }
    state = frame.isArray ? .value : .nextKey
  }

  /// Closes what is open up to what the byte closes: all of it, where it closes nothing.
  private mutating func close(_ byte: UInt8) {
    while let frame = frames.popLast() {
      state = frames.isEmpty ? .done : .afterValue
      if frame.closer == byte { return }
    }
  }
}
