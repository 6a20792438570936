/// What divides the lines of a block in base64, as of a private key, in all the forms in which it
/// travels.
enum SecretBlock {
  enum Break {
    /// Nothing that a block has.
    case none
    /// Nobody can tell before more has come.
    case undecided
    /// A break that ends there; the block goes on behind it.
    case end(Int)
  }

  /// Looks at the break that a block may have at a place.
  ///
  /// It is a line end, one that is escaped once or more often (`\n`, `\\n`, `%0A`), or what the
  /// fields of an encrypted key have: a space, a colon, a comma, a hyphen alone. In an event stream
  /// the name of the `data` field belongs to it.
  static func lineBreak(at place: Int, in bytes: [UInt8], isFinal: Bool) -> Break {
    guard let end = endOfBreak(at: place, in: bytes) else { return .none }
    guard end < bytes.count else { return isFinal ? .none : .undecided }
    guard bytes[place] == 0x0A || bytes[place] == 0x0D else {
      return bytes[place] == hyphen && bytes[end] == hyphen ? .none : .end(end)
    }
    let field = Array("data:".utf8)
    let rest = bytes[end..<min(end + field.count, bytes.count)]
    if rest.elementsEqual(field) { return .end(end + field.count) }
    if field.starts(with: rest) { return isFinal ? .none : .undecided }
    guard [0x0A, 0x0D].contains(bytes[end]) else { return .end(end) }
    return goesOn(behindBlankLine: end, in: bytes, isFinal: isFinal)
  }

  /// How many bytes of base64 say that a block goes on behind a blank line: no field of an event
  /// stream has so long a name.
  private static let sureBytes = 16

  /// Looks behind a blank line, as it follows the fields of an encrypted key and of OpenPGP.
  private static func goesOn(
    behindBlankLine place: Int, in bytes: [UInt8], isFinal: Bool
  ) -> Break {
    var next = place + 1
    if bytes[place] == 0x0D, next < bytes.count, bytes[next] == 0x0A { next += 1 }
    let start = bytes[next..<min(next + sureBytes, bytes.count)]
    guard start.allSatisfy({ ByteTraits.of($0).contains(.base64) }) else { return .none }
    return start.count == sureBytes ? .end(next) : isFinal ? .none : .undecided
  }

  /// The backslashes from which on what they escape is no line end.
  private static let limitBackslashes = 256

  private static let hyphen = UInt8(ascii: "-")

  /// Where the break ends, as far as it has come; nil where there is none.
  private static func endOfBreak(at place: Int, in bytes: [UInt8]) -> Int? {
    switch bytes[place] {
    case 0x0D: return place + 1 < bytes.count && bytes[place + 1] == 0x0A ? place + 2 : place + 1
    case 0x0A, UInt8(ascii: " "), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "."),
      UInt8(ascii: "("), UInt8(ascii: ")"), hyphen:
      return place + 1
    case UInt8(ascii: "\\"):
      let near = bytes[place...].prefix(limitBackslashes)
      guard let letter = near.firstIndex(where: { $0 != UInt8(ascii: "\\") }) else {
        return near.count < limitBackslashes ? bytes.count : nil
      }
      return "nr".utf8.contains(bytes[letter]) ? letter + 1 : nil
    case UInt8(ascii: "%"):
      let code = bytes[(place + 1)...].prefix(2)
      return code.count < 2 || ["0A", "0D", "0a", "0d"].contains { code.elementsEqual($0.utf8) }
        ? place + 1 + code.count : nil
    default: return nil
    }
  }
}
