internal import Cassettes

/// The numbers of a stream: how soon it began, how evenly it came, where it paused.
package struct StreamFacts: Sendable {
  /// A time in which nothing came.
  struct Gap {
    var from: Microseconds
    var to: Microseconds

    var length: Microseconds { to - from }
  }

  /// The most gaps that are marked, the longest ones.
  private static let gapLimit = 8

  /// When the first byte of the body came.
  let firstByte: Microseconds?
  /// The lengths of the gaps between arrivals, ascending.
  private let lengths: [Microseconds]
  /// From which length a gap is marked: a quarter of a second, or a twentieth of a short stream,
  /// and never less than twice what is usual in it.
  let threshold: Microseconds
  /// The gaps that are marked, in order.
  let gaps: [Gap]
  /// How many events a second there were, from the first to the last.
  let eventsPerSecond: Int?

  init(_ trace: StreamTrace) {
    firstByte = trace.arrivals.first?.at
    let times = trace.arrivals.map(\.at)
    let all = zip(times, times.dropFirst()).map { Gap(from: $0, to: $1) }
    lengths = all.map(\.length).sorted()
    let usual = lengths.isEmpty ? 0 : lengths[(lengths.count - 1) / 2].count
    let least = max(min(250_000, max(trace.end.count / 20, 1_000)), 2 * usual)
    let threshold = Microseconds(saturating: least)
    self.threshold = threshold
    let long = all.filter { $0.length >= threshold }.sorted { $0.length > $1.length }
    gaps = long.prefix(Self.gapLimit).sorted { $0.from < $1.from }
    let span = (trace.events.last?.at ?? .zero) - (trace.events.first?.at ?? .zero)
    eventsPerSecond =
      span.count > 0 ? Int(Int64(trace.events.count - 1) * 1_000_000 / span.count) : nil
  }

  /// The gap that so many of a hundred are not longer than.
  func gap(percentile: Int) -> Microseconds? {
    guard !lengths.isEmpty else { return nil }
    return lengths[max((lengths.count * percentile + 99) / 100 - 1, 0)]
  }

  /// The longest gap.
  var longest: Microseconds? { lengths.last }
}
