internal import Patterns

/// Redacts a body while it grows, however it was cut into chunks.
///
/// What comes out, when the last call has been made, is what `Redactor.redact(body:)` makes of the
/// whole.
package struct BodyRedactor: Sendable {
  /// How many bytes behind those that are settled it may look back at.
  package static let lookbackBytes = 512

  private var search = SecretSearch()
  private var custom: CustomRedactor?

  /// Creates a redactor for a body of which nothing has come yet.
  package init(rules: RedactionRules = .standard) {
    custom = rules.isStandardForBodies ? nil : CustomRedactor(rules)
  }

  /// Redacts, in place, what is new in a body since the last call.
  ///
  /// - Parameters:
  ///   - body: All that has come so far, with the changes of the earlier calls.
  ///   - isFinal: Whether this is all: then nothing is withheld.
  /// - Returns: How many leading bytes are settled and may be written down. At most 4 KiB are not:
  ///   those that may begin a secret. With JSON pointers that is the event that is not whole, and
  ///   all of a body that is JSON.
  package mutating func redact(_ body: inout [UInt8], isFinal: Bool) -> Int {
    if let settled = custom?.redact(&body, isFinal: isFinal) { return settled }
    while let found = search.next(in: body, isFinal: isFinal) {
      Cover(range: found.range, isNumber: found.isNumber).apply(to: &body, within: body.indices)
    }
    return search.position
  }

  /// Goes on with a body of which the first bytes are gone.
  ///
  /// - Parameter count: How many: all that are settled but for `lookbackBytes` at the most.
  package mutating func forget(_ count: Int) {
    search.forget(count)
    custom?.forget(count)
  }
}

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
