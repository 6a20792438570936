/// What one thread of the generator measures, as it comes; several are added up at the end.
///
/// Whatever is called for each event is a few steps without an allocation, but for the few times
/// at which a histogram or the series grows. Streams that only warm up count in nothing: the caller
/// notes no gap and no lateness of them, and their records and orders are passed over here.
package struct LoadMeter: Sendable {
  // By the index of the metric.
  var histograms = [LatencyHistogram](repeating: .init(), count: LoadMetric.allCases.count)
  /// What happened when.
  package internal(set) var series = LoadSeries()
  /// How many streams ended, however; by outcome, and by the status of their answer.
  package internal(set) var streams = 0
  package internal(set) var outcomes: [StreamOutcome: Int] = [:]
  package internal(set) var statuses: [Int: Int] = [:]
  /// What was wrong, by how often.
  package internal(set) var details = BoundedCounts()
  /// The orders that no request was sent for, by reason.
  package internal(set) var notSent: [NotSentReason: Int] = [:]
  /// How streams that came whole compare with the recording.
  package internal(set) var verifications: [Verification: Int] = [:]
  /// How many streams came whole and within the bounds of goodput.
  package internal(set) var good = 0
  /// How many events came, of every kind; those with content; and body bytes.
  package internal(set) var events = 0
  package internal(set) var contentEvents = 0
  package internal(set) var bytes = 0
  /// The tokens that usages say, and how many streams said any.
  package internal(set) var outputTokens = 0
  package internal(set) var tokenStreams = 0
  /// How many of the values of `tpot` count the tokens of a usage; the rest count events.
  package internal(set) var tpotByTokens = 0
  /// How many events came earlier than recorded, and by how much the earliest one.
  package internal(set) var early = 0
  package internal(set) var earliest: Int64 = 0
  /// The orders that were due while the run went on, sent or not, and from when until when they
  /// were due or begun.
  package internal(set) var due = 0
  /// How many requests met a kept connection that its server was closing, and were sent once more.
  package var reasked = 0
  package internal(set) var firstDue: Int64?
  package internal(set) var lastDue: Int64?

  /// What a stream must hold to count as goodput.
  package let bounds: StreamBounds

  /// Begins with nothing measured.
  package init(bounds: StreamBounds = StreamBounds()) { self.bounds = bounds }

  /// What was seen of a metric.
  package subscript(metric: LoadMetric) -> LatencyHistogram { histograms[metric.index] }

  /// Notes the time between two events of one stream: the pooled gaps.
  ///
  /// - Parameters:
  ///   - nanoseconds: the gap.
  ///   - moment: when the later event came, in nanoseconds from the start of the run.
  @inline(__always)
  package mutating func note(gap nanoseconds: Int64, at moment: Int64) {
    histograms[LoadMetric.gap.index].note(nanoseconds)
    series.note(gap: nanoseconds, at: moment)
  }

  /// Notes how much later than recorded an event came; negative where it was early.
  @inline(__always)
  package mutating func note(late nanoseconds: Int64) {
    if nanoseconds >= 0 {
      histograms[LoadMetric.late.index].note(nanoseconds)
    } else {
      early += 1
      earliest = max(earliest, 0 - max(nanoseconds, -LatencyHistogram.limit))
    }
  }

  /// Notes an order that no request was sent for.
  ///
  /// - Parameters:
  ///   - order: the order.
  ///   - reason: why.
  ///   - wasDue: whether it was due before the run ended.
  package mutating func note(
    notSent order: StreamOrder, _ reason: NotSentReason, wasDue: Bool = true
  ) {
    guard !order.isWarmup else { return }
    notSent[reason, default: 0] += 1
    guard wasDue, let moment = order.due ?? lastDue else { return }
    noteDue(from: moment, until: moment)
    series.note(\.arrivals, at: moment)
  }

  /// Notes that an order was due, and when it was begun.
  mutating func noteDue(from due: Int64, until begun: Int64) {
    self.due += 1
    firstDue = min(firstDue ?? due, due)
    lastDue = max(lastDue ?? due, due, begun)
  }

  /// Adds what another thread, or another shard, has measured.
  package mutating func add(_ other: LoadMeter) {
    for index in histograms.indices { histograms[index].add(other.histograms[index]) }
    series.add(other.series)
    details.add(other.details)
    outcomes.merge(other.outcomes) { $0.addingSaturated($1) }
    statuses.merge(other.statuses) { $0.addingSaturated($1) }
    notSent.merge(other.notSent) { $0.addingSaturated($1) }
    verifications.merge(other.verifications) { $0.addingSaturated($1) }
    for (_, count) in Self.counts {
      self[keyPath: count] = self[keyPath: count].addingSaturated(other[keyPath: count])
    }
    earliest = max(earliest, other.earliest)
    firstDue = Self.either(firstDue, other.firstDue, min)
    lastDue = Self.either(lastDue, other.lastDue, max)
  }

  /// The plain counts, which add up, with the names that results have for them.
  static var counts: [(name: String, path: WritableKeyPath<LoadMeter, Int>)] {
    [
      ("streams", \.streams), ("good", \.good), ("events", \.events),
      ("content_events", \.contentEvents), ("bytes", \.bytes), ("output_tokens", \.outputTokens),
      ("token_streams", \.tokenStreams), ("tpot_by_tokens", \.tpotByTokens), ("early", \.early),
      ("due", \.due), ("reasked", \.reasked),
    ]
  }

  private static func either(
    _ one: Int64?, _ other: Int64?, _ choose: (Int64, Int64) -> Int64
  ) -> Int64? {
    guard let one, let other else { return one ?? other }
    return choose(one, other)
  }
}

extension LoadMeter: Equatable {}
