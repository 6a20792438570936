internal import Matching

/// What two exchanges differ in.
///
/// It takes time in proportion to what both have: nothing is aligned, and texts are compared up to
/// where they part.
package struct ExchangeComparison: Sendable {
  let was: ExchangeReading
  let now: ExchangeReading
  let rules: DiffRules

  /// The differences, by kind, the first of them.
  package private(set) var differences: [ExchangeDifference] = []

  /// How many there are beyond those.
  package private(set) var more = 0

  /// How many values differ that do between any two recordings of one request.
  package private(set) var volatile = 0

  /// How many differences are kept.
  package static let limit = 200

  /// Whether nothing differs that counts.
  package var isSame: Bool { differences.isEmpty }

  /// Compares two exchanges.
  package init(_ was: ExchangeReading, _ now: ExchangeReading, by rules: DiffRules = DiffRules()) {
    (self.was, self.now, self.rules) = (was, now, rules)
    compareRequests()
    compareHeads()
    compareTypes()
    compareShapes()
    compareContent()
    compareMessages()
    compareTimes()
    compareEndings()
  }

  /// Takes a difference in, if it counts.
  mutating func add(_ difference: ExchangeDifference) {
    guard !rules.ignored.contains(difference.kind) else { return }
    guard rules.isStrict || !difference.isVolatile else {
      volatile += 1
      return
    }
    guard differences.count < Self.limit else {
      more += 1
      return
    }
    differences.append(difference)
  }

  /// Takes in that there are more differences of a kind than are listed.
  mutating func add(more count: Int, of kind: DifferenceKind) {
    guard count > 0, !rules.ignored.contains(kind) else { return }
    more += count
  }

  /// Takes in that values differ which do so by their nature.
  mutating func add(volatile count: Int, of kind: DifferenceKind) {
    if !rules.ignored.contains(kind) { volatile += max(0, count) }
  }

  /// Takes in two values, if they are not equal.
  mutating func compare(
    _ kind: DifferenceKind, _ place: String, _ was: String?, _ now: String?,
    isVolatile: Bool = false
  ) {
    guard was != now else { return }
    let difference = Difference(
      at: place, recorded: was.map { Array($0.utf8) }, asked: now.map { Array($0.utf8) })
    add(
      ExchangeDifference(
        kind, place, was: difference.recorded, now: difference.asked, isVolatile: isVolatile))
  }
}
