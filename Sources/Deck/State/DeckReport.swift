internal import Histogram

/// What a deck did in its life.
public struct DeckReport: Sendable {
  /// Requests, and what became of them.
  public var counts = DeckCounts()

  /// How late its writes were.
  public var lateness = LatenessSummary()

  /// The requests that nothing matched, a line each: up to 20, and one that says how many more.
  public var misses: [String] = []

  /// The requests whose directives are wrong, in the same way.
  public var refused: [String] = []

  /// How many requests' directives are wrong.
  public var refusedCount = 0

  /// The faults that were asked for by name and never fired, in the same way.
  public var unfired: [String] = []

  /// How many faults never fired.
  public var unfiredCount = 0

  /// The paths of the cassettes to which text was recorded that only joins across events to what
  /// looks like a secret: up to 20.
  public var joinedSecrets: [String] = []

  /// Why recordings are lost, in the same way.
  public var lost: [String] = []

  /// The requests that were answered by an exchange with another body, in the same way.
  public var loose: [String] = []

  /// What clients did wrong towards the server, in the same way.
  public var conduct: [String] = []

  /// How many requests clients did wrong with.
  public var conductCount = 0

  /// The exchanges that no request played and that were not recorded by this deck, in the same way.
  public var unplayed: [String] = []

  /// What a user should know of what was forwarded, a sentence each.
  public var remarks: [String] = []

  /// How many exchanges were not played.
  public var unplayedCount = 0
}

/// How long after their deadlines writes were made: never before them.
public struct LatenessSummary: Hashable, Sendable {
  /// How many writes there were.
  public var writes = 0

  /// The median, in nanoseconds, within 1 %.
  public var p50Nanoseconds: UInt64 = 0

  /// The 99th percentile, in nanoseconds, within 1 %.
  public var p99Nanoseconds: UInt64 = 0

  /// The 90th percentile, in nanoseconds, within 1 %.
  public var p90Nanoseconds: UInt64 = 0

  /// The latest write, in nanoseconds, within 1 %.
  public var maxNanoseconds: UInt64 = 0

  /// The sum of all, in nanoseconds.
  public var sumNanoseconds: UInt64 = 0

  init() {}

  init(of meters: [LatenessMeter]) {
    var histogram = LatenessMeter.emptyHistogram()
    for meter in meters { sumNanoseconds &+= meter.add(to: &histogram) }
    guard histogram.totalCount > 0 else { return }
    writes = Int(clamping: histogram.totalCount)
    p50Nanoseconds = histogram.valueAtPercentile(50)
    p90Nanoseconds = histogram.valueAtPercentile(90)
    p99Nanoseconds = histogram.valueAtPercentile(99)
    maxNanoseconds = histogram.max
  }
}
