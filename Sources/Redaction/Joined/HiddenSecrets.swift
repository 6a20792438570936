internal import Patterns

/// A secret that the bytes of a body do not show one after the other: it stands in several strings
/// that a client joins, or behind the escapes of JSON.
struct HiddenSecret {
  /// What kind it is, or nil where it is what a pattern of a user matches.
  var kind: SecretKind?
  /// What of the body must be covered.
  var covers: [Cover]
  /// The numbers of the events in which it stands; nil in a body that is one text.
  var units: ClosedRange<Int>?
  /// The keys that lead to the text.
  var path = ""
}

/// Finds what is secret in the texts that a reader gets: joined, and with their escapes undone.
struct HiddenSecrets {
  /// What is secret in a text.
  private struct Found {
    var kind: SecretKind?
    var range: Range<Int>
    var isNumber = false
  }

  /// How many texts that are a string in another are looked into, one in the other.
  private static let deepest = 4

  private let patterns: [Pattern]

  /// Creates a search for what the built-in rules know, and what patterns of a user match.
  init(patterns: [Pattern] = []) { self.patterns = patterns }

  /// Finds those of an answer.
  func secrets(in answer: AnswerBody) -> [HiddenSecret] {
    guard let units = AnswerUnits(of: answer) else { return secrets(in: answer.bytes) }
    var texts = JoinedTexts()
    var walk = JSONStringWalk()
    var secrets: [HiddenSecret] = []
    answer.bytes.withUnsafeBufferPointer { body in
      units.forEach(in: body) { number, parts in
        guard let first = parts.first, JSONStringWalk.mayBegin(in: body, first) else { return }
        walk.begin()
        for part in parts { walk.take(body, part) }
        texts.add(walk, of: body, unit: number)
        secrets += escaped(in: walk, of: body, depth: 0).map {
          HiddenSecret(
            kind: $0.kind, covers: [Cover(range: $0.range, isNumber: $0.isNumber)],
            units: number...number)
        }
      }
      for text in texts.texts { secrets += self.secrets(in: text, of: body) }
    }
    return secrets
  }

  /// Finds those of a body that is one JSON text; one that is none has none.
  func secrets(in body: [UInt8]) -> [HiddenSecret] {
    body.withUnsafeBufferPointer { body in
      guard body.contains(UInt8(ascii: "\\")), JSONStringWalk.mayBegin(in: body, body.indices)
      else { return [] }
      var walk = JSONStringWalk()
      walk.begin()
      walk.take(body, body.indices)
      return escaped(in: walk, of: body, depth: 0).map {
        HiddenSecret(kind: $0.kind, covers: [Cover(range: $0.range, isNumber: $0.isNumber)])
      }
    }
  }

  private func secrets(
    in text: JoinedTexts.Text, of body: UnsafeBufferPointer<UInt8>
  ) -> [HiddenSecret] {
    let rests = text.rests.map { Found(kind: .restOfSecret, range: $0) }
    return (found(in: text.bytes, depth: 0) + rests).map { found in
      let (places, units) = text.places(of: found.range, in: body)
      return HiddenSecret(
        kind: found.kind, covers: places.map { Cover(range: $0, isNumber: found.isNumber) },
        units: units, path: text.path)
    }
  }

  /// Finds what is secret in a text, also in the strings of it where it is JSON.
  private func found(in text: [UInt8], depth: Int) -> [Found] {
    var all: [Found] = []
    var search = SecretSearch()
    while let found = search.next(in: text, isFinal: true) {
      all.append(Found(kind: found.kind, range: found.range, isNumber: found.isNumber))
    }
    for pattern in patterns {
      var search = PatternSearch(pattern)
      var ranges: [Range<Int>] = []
      search.search(text, isFinal: true, &ranges)
      all += ranges.filter { !$0.isEmpty }.map { Found(kind: nil, range: $0) }
    }
    guard depth < Self.deepest, text.contains(UInt8(ascii: "\\")) else { return all }
    return all
      + text.withUnsafeBufferPointer { text in
        guard JSONStringWalk.mayBegin(in: text, text.indices) else { return [] }
        var walk = JSONStringWalk()
        walk.begin()
        walk.take(text, text.indices)
        return escaped(in: walk, of: text, depth: depth)
      }
  }

  /// Finds what is secret in the strings of a text whose escapes may hide it, where it stands in
  /// the text.
  private func escaped(
    in walk: borrowing JSONStringWalk, of text: UnsafeBufferPointer<UInt8>, depth: Int
  ) -> [Found] {
    var all: [Found] = []
    for string in walk.readable(in: text) where string.hasEscapes && mayHide(text, string.range) {
      var decoded: [UInt8] = []
      EscapedText.decode(text, string.range, to: &decoded)
      all += found(in: decoded, depth: depth + 1).map { found in
        var found = found
        found.range = EscapedText.place(
          of: found.range, in: text, string.range, hasEscapes: true)
        return found
      }
    }
    return all
  }

  /// Whether one of the escapes stands for a byte that a key may have, or hides another escape.
  ///
  /// What follows a line end or a quote begins a word in the text as it is, too. A pattern may
  /// match anything.
  private func mayHide(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard patterns.isEmpty else { return true }
    var place = range.lowerBound
    while place + 1 < range.upperBound {
      guard text[place] == UInt8(ascii: "\\") else {
        place += 1
        continue
      }
      if "u/\\".utf8.contains(text[place + 1]) { return true }
      place += 2
    }
    return false
  }
}
