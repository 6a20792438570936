/// Passes over the bytes of a text at which nothing begins that the search for secrets looks at.
enum SecretTriggers {
  /// A pair of bytes of which the first one is always looked at.
  private static let structural: UInt8 = 1
  /// A quote, or a backslash, and another byte.
  private static let quote: UInt8 = 2
  private static let backslash: UInt8 = 3
  /// A colon, and what may stand behind one that follows a name.
  private static let colon: UInt8 = 4
  /// The first of the numbers of pairs with which a shape begins.
  private static let firstShape: UInt8 = 5

  /// The pairs of bytes with which shapes begin: at most 250.
  private static let shapePairs: [Int] = Set(
    SecretShape.all.map { Int($0.prefix[0]) << 8 | Int($0.prefix[1]) }
  ).sorted()

  /// Of each pair with which a shape begins, the bytes that may follow, 256 for each.
  private static let thirds: [Bool] = {
    var thirds = [Bool](repeating: false, count: shapePairs.count << 8)
    for (number, pair) in shapePairs.enumerated() {
      for shape in SecretShape.all where Int(shape.prefix[0]) << 8 | Int(shape.prefix[1]) == pair {
        for byte in 0..<256 where shape.prefix.count == 2 || Int(shape.prefix[2]) == byte {
          thirds[number << 8 | byte] = true
        }
      }
    }
    return thirds
  }()

  /// What each pair of bytes is, the first byte in the high half of the index.
  private static let pairs: [UInt8] = {
    var pairs = [UInt8](repeating: 0, count: 1 << 16)
    for (number, pair) in shapePairs.enumerated() {
      let isWord = ByteTraits.of(UInt8(truncatingIfNeeded: pair >> 8)).contains(.word)
      pairs[pair] = isWord ? firstShape + UInt8(truncatingIfNeeded: number) : structural
    }
    let colonByte = Int(UInt8(ascii: ":"))
    for second in 0..<256 where pairs[colonByte << 8 | second] == 0 && second != 0x2F {
      pairs[colonByte << 8 | second] = colon
    }
    for (byte, kind) in zip(
      "\"\\\r\n=".utf8, [quote, backslash, structural, structural, structural])
    {
      for second in 0..<256 { pairs[Int(byte) << 8 | second] = kind }
    }
    let slash = Int(UInt8(ascii: "/"))
    pairs[slash << 8 | slash] = structural
    return pairs
  }()

  /// Whether a pair can begin with each byte.
  private static let firsts: [UInt8] = (0..<256).map { byte in
    pairs[(byte << 8)..<(byte << 8 + 256)].max() ?? 0
  }

  private static let alphanumerics: [Bool] = ByteTraits.table.map { $0.contains(.alphanumeric) }

  /// The next place at which something may begin, or the limit.
  ///
  /// - Parameters:
  ///   - bytes: The text so far.
  ///   - start: Where to begin.
  ///   - limit: Where to stop, within the text.
  ///   - wordStart: A place at which a word begins whatever stands before it.
  ///   - lastQuote: The end of the last quote on this line, or `QuoteEnds.none`.
  /// - Returns: The place.
  static func next(
    in bytes: [UInt8], from start: Int, to limit: Int, wordStart: Int, lastQuote: inout Int
  ) -> Int {
    bytes.withUnsafeBufferPointer { text in
      pairs.withUnsafeBufferPointer { pairs in
        let text = UnsafeBufferPointer(rebasing: text[..<min(limit, text.count)])
        return next(in: text, from: start, wordStart: wordStart, &lastQuote, pairs)
      }
    }
  }

  private static func next(
    in text: UnsafeBufferPointer<UInt8>, from start: Int, wordStart: Int, _ lastQuote: inout Int,
    _ pairs: UnsafeBufferPointer<UInt8>
  ) -> Int {
    guard start >= 0, start < text.count else { return text.count }
    let last = text.count - 1
    var quoteEnd = lastQuote
    defer { lastQuote = quoteEnd }
    var place = start
    while place < last {
      let second = text[place + 1]
      let kind = pairs[Int(text[place]) << 8 | Int(second)]
      switch kind {
      case 0: break
      case quote:
        if mayEndName(quoteEnd, place, before: second, in: text) { return place }
        quoteEnd = place + 1
      case backslash:
        // Of most escapes nothing is to be known.
        switch second {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "u"), UInt8(ascii: "/"):
          return place
        default: break
        }
      case structural: return place
      case colon: if mayFollowName(place, in: text) { return place }
      default:
        if mayBegin(kind - firstShape, place, in: text), beginsWord(place, wordStart, in: text) {
          return place
        }
      }
      place += 1
    }
    switch firsts[Int(text[last])] {
    case 0: return text.count
    case firstShape...: return beginsWord(last, wordStart, in: text) ? last : text.count
    default: return last
    }
  }

  /// Whether what stands between two quotes may be the name of a member that matters, or says of
  /// what kind an object is.
  private static func mayEndName(
    _ start: Int, _ end: Int, before next: UInt8, in text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let length = end - start
    guard start >= 0, length > 1, length <= CredentialName.limitBytes else { return false }
    switch next {
    case UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "\\"): break
    case UInt8(ascii: ",") where start > 1 && text[start - 2] == UInt8(ascii: "["): break
    default: return length == JSONOpacity.redactedThinking.count && text[start] == UInt8(ascii: "r")
    }
    switch (text[start], length) {
    case (UInt8(ascii: "v"), 5), (UInt8(ascii: "V"), 5): return true
    case (UInt8(ascii: "d"), 4), (UInt8(ascii: "r"), 17), (UInt8(ascii: "e"), 15...17): return true
    default: return CredentialName.mayNameOne(UnsafeBufferPointer(rebasing: text[start..<end]))
    }
  }

  /// Whether what stands in front of a colon may be the name of something that matters.
  private static func mayFollowName(_ colon: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard colon > 0 else { return false }
    let end = text[colon - 1] == UInt8(ascii: "'") ? colon - 1 : colon
    let floor = max(0, end - CredentialName.limitBytes)
    var start = end
    while start > floor, ByteTraits.of(text[start - 1]).contains(.dotted) { start -= 1 }
    return end - start > 2
      && CredentialName.mayNameOne(UnsafeBufferPointer(rebasing: text[start..<end]))
  }

  /// Whether the byte behind a pair lets one of its shapes begin there.
  private static func mayBegin(
    _ number: UInt8, _ place: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    place + 2 >= text.count || thirds[Int(number) << 8 | Int(text[place + 2])]
  }

  /// Whether a word may begin at a place: the byte before may be the last one of an escape, as in
  /// `\n` or `%3D`.
  private static func beginsWord(
    _ place: Int, _ wordStart: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard place > 0, place != wordStart, alphanumerics[Int(text[place - 1])] else { return true }
    guard place > 2 else { return place == 2 && text[0] == UInt8(ascii: "\\") }
    let second = text[place - 2]
    if second == UInt8(ascii: "\\") { return true }
    switch text[place - 3] {
    case UInt8(ascii: "%"), UInt8(ascii: "x"), UInt8(ascii: "5"): return true
    default: return place > 5 && text[place - 6] == UInt8(ascii: "\\")
    }
  }
}
