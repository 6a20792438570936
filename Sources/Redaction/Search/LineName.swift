/// A name in front of a colon, and how much says that it is one.
struct LineName {
  var bytes: ArraySlice<UInt8>
  /// Whether nothing but indentation, a quote or a mark of a list stands in front of it.
  var beginsLine: Bool
  /// Whether it stands in apostrophes, as in a dictionary of Python.
  var isQuoted = false
}

// Where such a name begins.
extension SecretSearch {
  /// The most bytes of blanks and marks of lists that count as indentation.
  private static let indentBytes = 64
  /// The longest word that may belong to a name as its first one, as in `API key:`.
  private static let firstWordBytes = 20

  /// Takes the name in front of a colon, or of a `=` and blanks.
  func lineName(endingBefore mark: Int, in bytes: [UInt8]) -> LineName? {
    var end = mark
    if bytes[mark] == UInt8(ascii: "=") {
      let floor = max(0, reportedEnd, mark - Self.indentBytes)
      while end > floor, " \t".utf8.contains(bytes[end - 1]) { end -= 1 }
    }
    return lineName(before: end, in: bytes)
  }

  /// Takes the name that ends at a place; none goes further back than the end of the last secret.
  private func lineName(before colon: Int, in bytes: [UInt8]) -> LineName? {
    let first = max(0, reportedEnd)
    guard colon > first else { return nil }
    let isQuoted = bytes[colon - 1] == UInt8(ascii: "'")
    let end = isQuoted ? colon - 1 : colon
    let floor = max(first, end - CredentialName.limitBytes - 1)
    var start = end
    while start > floor, ByteTraits.of(bytes[start - 1]).contains(.dotted) { start -= 1 }
    guard start < end, start == first || start > floor else { return nil }
    if start == reportedEnd { return LineName(bytes: bytes[start..<end], beginsLine: false) }
    if isQuoted {
      guard start > 0, bytes[start - 1] == UInt8(ascii: "'") else { return nil }
      return LineName(bytes: bytes[start..<end], beginsLine: false, isQuoted: true)
    }
    if start > 0, bytes[start - 1] == UInt8(ascii: "\\") {
      guard "nrt".utf8.contains(bytes[start]), start + 1 < end else { return nil }
      return LineName(bytes: bytes[(start + 1)..<end], beginsLine: true)
    }
    if start > 1, bytes[start - 1] == 0x20 {
      var word = start - 1
      let floor = max(first, word - Self.firstWordBytes)
      while word > floor, ByteTraits.of(bytes[word - 1]).contains(.alphanumeric) { word -= 1 }
      let isWhole = word == 0 || word > floor
      // The letter of an escape is no part of the word.
      if word > 0, bytes[word - 1] == UInt8(ascii: "\\"), word + 1 < start { word += 1 }
      if isWhole, word < start - 1 { start = word }
    }
    return LineName(bytes: bytes[start..<end], beginsLine: beginsLine(at: start, in: bytes))
  }

  /// Whether a line or a string begins at a place, but for indentation.
  private func beginsLine(at start: Int, in bytes: [UInt8]) -> Bool {
    var place = start
    let floor = max(0, reportedEnd, start - Self.indentBytes)
    while place > floor, " \t-*#>|+".utf8.contains(bytes[place - 1]) { place -= 1 }
    guard place > 0 else { return true }
    guard place != reportedEnd else { return false }
    switch bytes[place - 1] {
    case 0x0A, 0x0D, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "{"),
      UInt8(ascii: "("), UInt8(ascii: ","):
      return true
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return place > 1 && bytes[place - 2] == UInt8(ascii: "\\")
    case UInt8(ascii: ":"): return bytes[..<place].suffix(5).elementsEqual("data:".utf8)
    default: return false
    }
  }
}
