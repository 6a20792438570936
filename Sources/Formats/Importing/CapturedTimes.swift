internal import Cassettes
internal import EventStream
internal import Planning

/// Gives the head, the chunks and the end of an imported exchange their times.
struct CapturedTimes {
  /// The pace of what has none.
  var pace: Pace
  /// What a pace like a cassette draws from; nil for others.
  var samples: Pace.Samples?

  /// Settles the times of an exchange whose body is whole.
  func settle(_ times: Capture.Times, in exchange: inout Exchange) throws {
    switch times {
    case .unknown: try settleByPace(&exchange)
    case .span(let head, let end): settle(from: head, to: max(head, end), in: &exchange)
    case .cuts(let ends): try settle(ends, in: &exchange)
    case .arrivals(let chunks, let head, let end):
      var last = head
      var start = 0
      exchange.head?.at = head
      for chunk in chunks where chunk.end > start {
        last = max(last, chunk.at)
        start = min(chunk.end, exchange.body.count)
        exchange.chunks.append(Chunk(end: start, at: last))
      }
      exchange.ending.at = max(last, end)
    }
  }

  private func settleByPace(_ exchange: inout Exchange) throws {
    guard exchange.head != nil else { return }
    let message = try Planner(wireLimitBytes: .max).message(
      exchange, PlanOptions(pace: pace, samples: samples)
    )
    .message
    exchange.head?.at = message.headAt
    exchange.chunks = message.chunks
    exchange.ending.at = message.endAt
  }

  /// One event a chunk, evenly from the head to the end, where the last one is due.
  private func settle(from head: Microseconds, to end: Microseconds, in exchange: inout Exchange) {
    exchange.head?.at = head
    exchange.ending.at = end
    var ends: [Int] = []
    if exchange.isEventStream {
      var parser = EventStreamParser(eventLimitBytes: .max)
      parser.parse(exchange.body) { ends.append($0.block.upperBound) }
    }
    if ends.isEmpty, !exchange.body.isEmpty { ends = [exchange.body.count] }
    if let last = ends.indices.last { ends[last] = exchange.body.count }
    let span = Int128(end.count - head.count)
    exchange.chunks = ends.enumerated().map { number, place in
      let part = span * Int128(number + 1) / Int128(ends.count)
      return Chunk(end: place, at: Microseconds(saturating: head.count + Int64(clamping: part)))
    }
  }

  /// Pieces without times: each is due with the last event that ends in it, by the pace.
  private func settle(_ ends: [Int], in exchange: inout Exchange) throws {
    try settleByPace(&exchange)
    let paced = exchange.chunks
    var place = 0
    var start = 0
    exchange.chunks = []
    for end in ends {
      let end = min(end, exchange.body.count)
      guard end > start else { continue }
      start = end
      while place + 1 < paced.count, paced[place].end < end { place += 1 }
      let at = paced.isEmpty ? .zero : paced[place].at
      exchange.chunks.append(Chunk(end: end, at: at))
    }
    if start < exchange.body.count {
      exchange.chunks.append(Chunk(end: exchange.body.count, at: exchange.ending.at))
    }
    exchange.ending.at = max(exchange.ending.at, exchange.chunks.last?.at ?? .zero)
  }
}
