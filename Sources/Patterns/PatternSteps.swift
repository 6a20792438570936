/// The steps from a set of places back to those that lead there, many at once: sets are bits, and
/// places that lead to others at the same distance are shifted together. (Baeza-Yates and Gonnet,
/// 1992)
///
/// There is one table for each context; all stand in the same arrays, so that a step touches
/// nothing else.
struct PatternSteps: Sendable {
  /// Some places that others at one distance lead to.
  struct Shift: Sendable {
    let targets: UInt64
    /// The word that they stand in.
    let word: Int32
    /// The word of the lowest place that leads there, and its bit; -1 where that is behind the
    /// first one.
    let low: Int32
    let bit: UInt64
  }

  /// Some places in one word.
  struct Bits: Sendable {
    let word: Int32
    let places: UInt64
  }

  /// Places that all lead to the same ones, as ranges of `bits`.
  struct Fan: Sendable {
    let targets: Range<Int32>
    let sources: Range<Int32>
  }

  /// What belongs to one context.
  struct Table: Sendable {
    let shifts: Range<Int>
    let fans: Range<Int>
  }

  /// The most words of 64 bits that one step may touch: what bounds the time that a byte takes.
  private static let limitWords = 120
  /// More sources than so many make a fan.
  private static let fewSources = 6

  private(set) var tables: [Table] = []
  private(set) var shifts: [Shift] = []
  private(set) var fans: [Fan] = []
  private(set) var bits: [Bits] = []
  /// The places behind which the pattern matches, of each context.
  private(set) var last: [UInt64] = []
  /// The places with which it begins, of each context.
  private(set) var first: [UInt64] = []

  /// Adds the table of the next context.
  ///
  /// - Throws: Where a step would touch too much.
  mutating func add(
    _ ways: [[PatternAutomaton.Way]], numbers: [Int], words: Int
  ) throws(PatternError) {
    var sources = [Set<Int>](repeating: [], count: numbers.count)
    var last: Set<Int> = []
    for (source, number) in numbers.enumerated() {
      for way in ways[number] {
        if let place = way.place { sources[place].insert(source) } else { last.insert(source) }
      }
    }
    self.last += Self.words(last, words)
    first += Self.words(Set(ways[0].compactMap(\.place)), words)
    let (shiftStart, fanStart, bitStart) = (shifts.count, fans.count, bits.count)
    addTargets(sources)
    tables.append(Table(shifts: shiftStart..<shifts.count, fans: fanStart..<fans.count))
    let touched = words + 2 * (shifts.count - shiftStart) + bits.count - bitStart
    guard touched <= Self.limitWords else { throw PatternAutomaton.tooComplex }
  }

  private mutating func addTargets(_ sources: [Set<Int>]) {
    var distances: [Int: Set<Int>] = [:]
    var fans: [Set<Int>: Set<Int>] = [:]
    for (target, all) in sources.enumerated() {
      var rest = all
      if rest.remove(target - 1) != nil { distances[1, default: []].insert(target) }
      if rest.count > Self.fewSources {
        fans[rest, default: []].insert(target)
      } else {
        for source in rest { distances[target - source, default: []].insert(target) }
      }
    }
    for (distance, targets) in distances {
      for part in Self.bits(targets) {
        let start = 64 * Int(part.word) - distance
        shifts.append(
          Shift(
            targets: part.places, word: part.word, low: Int32(truncatingIfNeeded: start >> 6),
            bit: UInt64(start & 63)))
      }
    }
    for (sources, targets) in fans {
      self.fans.append(Fan(targets: added(Self.bits(targets)), sources: added(Self.bits(sources))))
    }
  }

  private mutating func added(_ more: [Bits]) -> Range<Int32> {
    let start = Int32(truncatingIfNeeded: bits.count)
    bits += more
    return start..<Int32(truncatingIfNeeded: bits.count)
  }

  private static func bits(_ places: Set<Int>) -> [Bits] {
    var bits: [Int: UInt64] = [:]
    for place in places { bits[place / 64, default: 0] |= 1 << UInt64(place % 64) }
    return bits.sorted { $0.key < $1.key }
      .map { Bits(word: Int32(truncatingIfNeeded: $0.key), places: $0.value) }
  }

  private static func words(_ places: Set<Int>, _ count: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: count)
    for part in bits(places) { words[Int(part.word)] = part.places }
    return words
  }
}

/// The arrays of `PatternSteps`, as long as a window is read.
struct PatternStepper {
  let shifts: UnsafeBufferPointer<PatternSteps.Shift>
  let fans: UnsafeBufferPointer<PatternSteps.Fan>
  let bits: UnsafeBufferPointer<PatternSteps.Bits>

  /// Adds to a set the places that lead to those of another.
  @inline(__always)
  func addSources(
    _ table: PatternSteps.Table, of set: UnsafePointer<UInt64>,
    to output: UnsafeMutablePointer<UInt64>, words: Int
  ) {
    for index in table.shifts {
      let shift = shifts[index]
      let found = set[Int(shift.word)] & shift.targets
      if found == 0 { continue }
      let low = Int(shift.low)
      if low >= 0, low < words { output[low] |= found << shift.bit }
      if shift.bit > 0, low + 1 < words { output[low + 1] |= found >> (64 - shift.bit) }
    }
    for index in table.fans {
      let fan = fans[index]
      guard
        fan.targets.contains(where: { set[Int(bits[Int($0)].word)] & bits[Int($0)].places != 0 })
      else { continue }
      for source in fan.sources {
        let part = bits[Int(source)]
        output[Int(part.word)] |= part.places
      }
    }
  }
}
