/// A pattern by which cases are chosen: `cut/*`, `retry/status-5??/once`, `anthropic-text/parse`.
///
/// `*` stands for any characters, `/` too, and `?` for one. A pattern matches an id, or an id with
/// its cassette in front; one that has neither `*` nor `?` also matches all ids below it, as a
/// folder does.
package struct CaseGlob: Hashable, Sendable {
  /// The pattern, as it was written.
  package let pattern: String

  private let bytes: [UInt8]
  private let isLiteral: Bool

  /// Creates a pattern; every text is one.
  package init(_ pattern: String) {
    self.pattern = pattern
    var bytes = Array(pattern.utf8)
    isLiteral = !bytes.contains { $0 == Self.any || $0 == Self.one }
    while isLiteral, bytes.count > 1, bytes.last == Self.slash { bytes.removeLast() }
    self.bytes = bytes
  }

  private static let any = UInt8(ascii: "*")
  private static let one = UInt8(ascii: "?")
  private static let slash = UInt8(ascii: "/")

  /// Whether a case of an id is chosen.
  ///
  /// - Parameters:
  ///   - id: The id.
  ///   - cassette: The cassette of the case, as the directive names it.
  ///   - exchange: The exchange in it, from 1, by which a pattern may tell cases apart:
  ///     `retries#2/cut/*`.
  /// - Returns: Whether the pattern matches the id, with or without the cassette.
  package func matches(_ id: String, cassette: String, exchange: Int = 1) -> Bool {
    matches(Array(id.utf8)) || matches(Array("\(cassette)/\(id)".utf8))
      || matches(Array("\(cassette)#\(exchange)/\(id)".utf8))
  }

  private func matches(_ text: [UInt8]) -> Bool {
    guard isLiteral else { return matchesWildcards(text) }
    return text.starts(with: bytes)
      && (text.count == bytes.count || text[bytes.count] == Self.slash)
  }

  /// Matches greedily, going back to the last `*` only: at most pattern times text steps.
  private func matchesWildcards(_ text: [UInt8]) -> Bool {
    var place = 0
    var index = 0
    var retry: (place: Int, index: Int)?
    while index < text.count {
      if place < bytes.count, bytes[place] == Self.any {
        retry = (place, index)
        place += 1
      } else if place < bytes.count, bytes[place] == Self.one || bytes[place] == text[index] {
        place += 1
        index += 1
      } else if let last = retry {
        retry = (last.place, last.index + 1)
        place = last.place + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return bytes[place...].allSatisfy { $0 == Self.any }
  }
}

extension CaseGlob: CustomStringConvertible {
  /// The pattern, as it was written.
  package var description: String { pattern }
}
