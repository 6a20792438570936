internal import Patterns

/// The text of a credential, which goes on until something ends it.
struct CredentialText {
  /// What ends it, beside a line end.
  enum Terminator {
    /// The quote that closes a JSON string of a level, or one that a string around it is closed by.
    case quote(level: Int)
    /// An apostrophe or a back quote, or the quote of a string around it.
    case mark(UInt8)
    /// What ends a word: a space or a quote.
    case space
    /// What ends a parameter of a URL.
    case parameter
    /// The end of the line, or the quote of a string around it.
    case line
    /// The end of the line alone.
    case lineEnd
  }

  private let terminator: Terminator

  init(until terminator: Terminator) { self.terminator = terminator }

  private static let spaceEnds = ByteSet { $0 <= 0x20 || "'`<>".utf8.contains($0) }
  private static let parameterEnds = ByteSet { $0 <= 0x20 || "'`<>&#,;)]}|".utf8.contains($0) }

  /// Where it ends, or how far all that has come belongs to it.
  ///
  /// - Parameters:
  ///   - start: A place in it.
  ///   - bytes: The text so far.
  ///   - limit: Where to stop looking.
  ///   - isFinal: Whether nothing more will come.
  /// - Returns: The place, and whether it ends there.
  func end(
    from start: Int, in bytes: [UInt8], upTo limit: Int = .max, isFinal: Bool
  ) -> (place: Int, isEnded: Bool) {
    var place = start
    let stop = min(limit, bytes.count)
    while place < stop {
      let byte = bytes[place]
      switch byte {
      case 0x0A, 0x0D: return (place, true)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        switch JSONQuote.read(at: place, in: bytes, isFinal: isFinal) {
        case .undecided: return (place, false)
        case .none(let next):
          if endsBeforeEscape(of: next < bytes.count ? bytes[next] : 0) { return (place, true) }
          // An escape is as long as what it escapes is, but for the digits of a code.
          place = min(next + (byte == UInt8(ascii: "\\") ? 1 : 0), bytes.count)
        case .quote(let quote):
          if endsAt(quote) { return (quote.range.lowerBound, true) }
          place = quote.range.upperBound
        }
      default:
        if endsAt(byte) { return (place, true) }
        place += 1
      }
    }
    return (place, isFinal && place == bytes.count)
  }

  private func endsAt(_ byte: UInt8) -> Bool {
    switch terminator {
    case .quote, .lineEnd: false
    case .mark(let mark): byte == mark
    case .space: Self.spaceEnds.contains(byte)
    case .parameter: Self.parameterEnds.contains(byte)
    case .line: byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
    }
  }

  private func endsAt(_ quote: JSONQuote) -> Bool {
    switch terminator {
    case .quote(let level): quote.level <= level
    case .lineEnd: false
    case .mark, .space, .parameter, .line: true
    }
  }

  private func endsBeforeEscape(of letter: UInt8) -> Bool {
    switch terminator {
    case .quote, .lineEnd: false
    case .mark, .line: "nr".utf8.contains(letter)
    case .space: "nrt".utf8.contains(letter)
    case .parameter: true
    }
  }
}
