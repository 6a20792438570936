/// What happened when: counts for each stretch of the run, for the pictures over time.
///
/// Stretches begin at 125 ms; where a run would need more of them than the limit, neighbours are
/// joined and each is twice as long, so that a run of any length takes the same memory. They count
/// from the start of the run, so that those of several threads and shards add up exactly.
package struct LoadSeries: Hashable, Sendable {
  /// The most stretches.
  package static let slotLimit = 512
  /// How long a stretch is at first, in nanoseconds.
  package static let firstWidth: Int64 = 125_000_000
  /// The last moment that is told apart, after some hundred days; what is later counts there.
  package static let lastMoment: Int64 = 1 << 53
  /// The rows of the gaps: two for each octave.
  package static let gapScale = LogScale(bits: 1)
  /// The rows of the times to the first token: eight for each octave.
  package static let ttftScale = LogScale(bits: 3)

  /// What happened in one stretch.
  package struct Slot: Hashable, Sendable {
    /// Streams that were due in it, those among them that were not sent included.
    package var arrivals = 0
    /// Streams that the generator began with in it.
    package var begun = 0
    /// Streams that ended in it, however.
    package var ended = 0
    /// Those of them that count as errors.
    package var errors = 0
    /// Streams the first byte of which came in it: the one event that has no gap before it.
    package var firsts = 0

    /// Creates a stretch in which nothing happened.
    package init() {}

    mutating func add(_ other: Self) {
      arrivals = arrivals.addingSaturated(other.arrivals)
      begun = begun.addingSaturated(other.begun)
      ended = ended.addingSaturated(other.ended)
      errors = errors.addingSaturated(other.errors)
      firsts = firsts.addingSaturated(other.firsts)
    }
  }

  /// How long each stretch is, in nanoseconds.
  package internal(set) var width = Self.firstWidth
  /// The stretches, from the start of the run to the last in which anything happened.
  package internal(set) var slots: [Slot] = []
  // One row of counts for each stretch, behind each other: a look-up is one step.
  var gaps: [UInt32] = []
  var ttfts: [UInt32] = []

  // The stretch that was asked for last, which the next event falls in nearly always.
  private var openStart: Int64 = 0
  private var openEnd: Int64 = 0
  private var open = 0

  /// Begins with nothing.
  package init() {}

  /// Counts a gap that ended at that moment.
  @inline(__always)
  mutating func note(gap nanoseconds: Int64, at moment: Int64) {
    let slot = moment >= openStart && moment < openEnd ? open : opened(moment)
    let cell = slot &* Self.gapScale.count &+ Self.gapScale.row(nanoseconds)
    gaps[cell] = gaps[cell].addingSaturated(1)
  }

  /// Counts the time to the first token of a stream that was due at that moment.
  mutating func note(ttft nanoseconds: Int64, at moment: Int64) {
    let cell = opened(moment) * Self.ttftScale.count + Self.ttftScale.row(nanoseconds)
    ttfts[cell] = ttfts[cell].addingSaturated(1)
  }

  /// Counts something else of that moment.
  mutating func note(_ count: WritableKeyPath<Slot, Int>, at moment: Int64) {
    slots[opened(moment)][keyPath: count] += 1
  }

  /// The place of the stretch that a moment is in, for which there is room after this.
  private mutating func opened(_ moment: Int64) -> Int {
    let moment = min(max(moment, 0), Self.lastMoment)
    while moment / width >= Int64(Self.slotLimit) { widen() }
    open = Int(moment / width)
    openStart = Int64(open) * width
    openEnd = openStart + width
    grow(to: open + 1)
    return open
  }

  /// Makes room for that many stretches.
  mutating func grow(to count: Int) {
    guard count > slots.count else { return }
    let more = count - slots.count
    slots.append(contentsOf: repeatElement(Slot(), count: more))
    gaps.append(contentsOf: repeatElement(0, count: more * Self.gapScale.count))
    ttfts.append(contentsOf: repeatElement(0, count: more * Self.ttftScale.count))
  }

  /// Joins each two neighbours.
  mutating func widen() {
    var joined = Self()
    joined.width = width * 2
    joined.grow(to: (slots.count + 1) / 2)
    for index in slots.indices { joined.slots[index / 2].add(slots[index]) }
    Self.join(gaps, rows: Self.gapScale.count, into: &joined.gaps)
    Self.join(ttfts, rows: Self.ttftScale.count, into: &joined.ttfts)
    self = joined
  }

  private static func join(_ cells: [UInt32], rows: Int, into joined: inout [UInt32]) {
    for index in cells.indices {
      let cell = index / rows / 2 * rows + index % rows
      joined[cell] = joined[cell].addingSaturated(cells[index])
    }
  }

  /// Adds what happened elsewhere in the same stretches.
  package mutating func add(_ other: Self) {
    var other = other
    while other.width < width { other.widen() }
    while width < other.width { widen() }
    grow(to: other.slots.count)
    for index in other.slots.indices { slots[index].add(other.slots[index]) }
    for index in other.gaps.indices { gaps[index] = gaps[index].addingSaturated(other.gaps[index]) }
    for index in other.ttfts.indices {
      ttfts[index] = ttfts[index].addingSaturated(other.ttfts[index])
    }
  }

  package static func == (one: Self, other: Self) -> Bool {
    one.width == other.width && one.slots == other.slots && one.gaps == other.gaps
      && one.ttfts == other.ttfts
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(width)
    hasher.combine(slots)
  }
}
