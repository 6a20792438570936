public import Cassettes
internal import EventStream

extension Pace {
  /// The times of recorded streams, which `like:NAME` draws from.
  ///
  /// It is shared by all who plan with it, and is as good as another with the same times.
  public final class Samples: Sendable {
    /// When the first event of each stream came, from its request.
    public let firsts: [Microseconds]

    /// The times from event to event in all of the streams, in their order.
    public let gaps: [Microseconds]

    /// How many gaps are kept at the most; those behind are left out.
    public static let limit = 100_000

    /// Takes the times of those exchanges that are event streams and came whole.
    ///
    /// An event is there when its blank line is; those that came in one chunk have no time between
    /// them.
    ///
    /// - Returns: nil where there is no gap among them.
    public init?(of exchanges: some Sequence<Exchange>) {
      var firsts: [Microseconds] = []
      var gaps: [Microseconds] = []
      for exchange in exchanges where exchange.isEventStream && exchange.isAnswer {
        guard gaps.count < Self.limit else { break }
        var last: Microseconds?
        var chunk = 0
        var parser = EventStreamParser(eventLimitBytes: .max)
        parser.parse(exchange.body) { event in
          while chunk + 1 < exchange.chunks.count,
            exchange.chunks[chunk].end <= event.dispatchOffset
          {
            chunk += 1
          }
          guard exchange.chunks.indices.contains(chunk) else { return }
          let at = exchange.chunks[chunk].at
          if let last {
            if gaps.count < Self.limit { gaps.append(at - last) }
          } else {
            firsts.append(at)
          }
          last = at
        }
      }
      guard !gaps.isEmpty else { return nil }
      self.firsts = firsts
      self.gaps = gaps
    }

    /// How long an event, counted from 1, comes after the one before, or the first after the head.
    func interval(before event: Int64, draw: UInt64) -> Microseconds {
      let times = event == 1 ? firsts : gaps
      return times[Int(draw % UInt64(times.count))]
    }
  }
}

extension Pace.Samples: Hashable {
  /// Whether two hold the same times.
  public static func == (a: Pace.Samples, b: Pace.Samples) -> Bool {
    a === b || a.firsts == b.firsts && a.gaps == b.gaps
  }

  /// Hashes how many there are: plans are looked up often, and few are made with many cassettes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(firsts.count)
    hasher.combine(gaps.count)
  }
}
