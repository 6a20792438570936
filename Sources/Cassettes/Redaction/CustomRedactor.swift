internal import Patterns

/// Redacts a growing body by the rules of a user and the built-in ones.
///
/// Every rule looks at the text as it came, since what one covers may be what another knows a
/// secret by: a key of which a pattern covered three digits would not look like one. So nothing is
/// covered before all have decided.
struct CustomRedactor: Sendable {
  private var keys = SecretSearch()
  private var patterns: [PatternSearch]
  private var pointers: PointerSearch?

  /// What is found and not settled.
  private var covers: [Cover] = []
  private var settled = 0
  /// What came as the last bytes that are settled.
  private var original: [UInt8] = []

  init(_ rules: RedactionRules) {
    patterns = rules.patterns.map(PatternSearch.init)
    pointers = rules.pointers.isEmpty ? nil : PointerSearch(rules.pointers)
  }

  /// As of a `BodyRedactor`.
  mutating func redact(_ body: inout [UInt8], isFinal: Bool) -> Int {
    let tail = (settled - original.count)..<settled
    let covered = Array(body[tail])
    body.replaceSubrange(tail, with: original)
    let end = find(in: body, isFinal: isFinal)
    original = Array(body[max(0, end - BodyRedactor.lookbackBytes)..<end])
    body.replaceSubrange(tail, with: covered)
    // While nothing new is settled, what waits need not be looked at.
    guard end > settled else { return end }
    for cover in covers { cover.apply(to: &body, within: settled..<end) }
    covers.removeAll { $0.range.upperBound <= end }
    settled = end
    return end
  }

  /// As of a `BodyRedactor`.
  mutating func forget(_ count: Int) {
    settled -= count
    keys.forget(count)
    for index in patterns.indices { patterns[index].forget(count) }
    pointers?.forget(count)
    for index in covers.indices {
      let range = covers[index].range
      covers[index].range = max(0, range.lowerBound - count)..<(range.upperBound - count)
    }
  }

  /// Finds what is new, and returns how far all agree that it is all.
  private mutating func find(in body: [UInt8], isFinal: Bool) -> Int {
    while let found = keys.next(in: body, isFinal: isFinal) {
      covers.append(Cover(range: found.range, isNumber: found.isNumber))
    }
    var end = keys.position
    var found: [Range<Int>] = []
    for index in patterns.indices {
      patterns[index].search(body, isFinal: isFinal, &found)
      end = min(end, patterns[index].position)
    }
    covers += found.map { Cover(range: $0) }
    pointers?.search(body, isFinal: isFinal, &covers)
    return min(end, pointers?.position ?? end)
  }
}
