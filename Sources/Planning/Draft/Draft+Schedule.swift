internal import Cassettes
internal import EventStream

extension Draft {
  /// Gives the head, each chunk and the end their times.
  mutating func schedule(_ options: PlanOptions, chance: Chance) {
    switch options.pace.kind {
    case .recorded:
      cap(options.idleTimeLimit)
    case .speed(let speed):
      cap(options.idleTimeLimit)
      retime { Microseconds(saturating: speed.dividing($0.count)) }
    case .instant:
      retime { _ in .zero }
    case .gap(let gap):
      rechunkByEvent { Microseconds(saturating: gap.count.saturatingMultiplied(by: $0)) }
    case .rate(let first, let perSecond):
      rechunkByEvent { number in
        let micros = Int64(1_000_000).saturatingMultiplied(by: number - 1)
        return first + Microseconds(saturating: perSecond.dividing(micros))
      }
    case .like:
      if let samples = options.samples { rechunkByEvent(after: samples.interval, chance) }
    case .model(let model):
      rechunkByEvent(after: model.interval, chance)
    }
    if let jitter = options.pace.jitter {
      changeGaps { index, gap in gap.jittered(jitter, chance.draw("jitter:\(index)")) }
    }
  }

  /// Caps every interval, the one before the head too.
  private mutating func cap(_ limit: Microseconds?) {
    guard let limit else { return }
    changeGaps { _, gap in min(gap, limit) }
  }

  private mutating func retime(_ time: (Microseconds) -> Microseconds) {
    message.headAt = time(message.headAt)
    for index in message.chunks.indices {
      message.chunks[index].at = time(message.chunks[index].at)
    }
    message.endAt = time(message.endAt)
  }

  /// Changes each interval and moves what follows: number 0 is the one before the head, k the one
  /// before chunk k, and the one behind the last chunk is before the end.
  private mutating func changeGaps(_ change: (Int, Microseconds) -> Microseconds) {
    var old = Microseconds.zero
    var new = Microseconds.zero
    func moved(_ time: Microseconds, _ index: Int) -> Microseconds {
      new = new + change(index, time - old)
      old = time
      return new
    }
    if message.status != nil { message.headAt = moved(message.headAt, 0) }
    for index in message.chunks.indices {
      message.chunks[index].at = moved(message.chunks[index].at, index + 1)
    }
    message.endAt = moved(message.endAt, message.chunks.count + 1)
  }

  /// One event a chunk, each a drawn time after the one before.
  private mutating func rechunkByEvent(
    after interval: (Int64, UInt64) -> Microseconds, _ chance: Chance
  ) {
    var due = Microseconds.zero
    rechunkByEvent { number in
      let draw = chance.draw(number == 1 ? "ttft" : "gap:\(number)")
      due = due + interval(number, draw)
      return due
    }
  }

  /// One event a chunk; what follows the last event goes with it, and the end comes at its time.
  private mutating func rechunkByEvent(_ time: (Int64) -> Microseconds) {
    let body = message.body
    var chunks: [Chunk] = []
    if isEventStream {
      var parser = EventStreamParser(eventLimitBytes: .max)
      parser.parse(body) { event in
        chunks.append(Chunk(end: event.block.upperBound, at: time(Int64(chunks.count) + 1)))
      }
    }
    if chunks.isEmpty, !body.isEmpty { chunks = [Chunk(end: body.count, at: .zero)] }
    if let last = chunks.indices.last { chunks[last].end = body.count }
    message.headAt = .zero
    message.chunks = chunks
    message.endAt = chunks.last?.at ?? .zero
  }
}

extension Microseconds {
  /// This gap times `1 + P/100 * (draw mod 2000001 - 1000000) / 10^6`, rounded down.
  fileprivate func jittered(_ percent: ExactDecimal, _ draw: UInt64) -> Microseconds {
    let sway = Int128(draw % 2_000_001) - 1_000_000
    let whole = Int128(percent.scale) * 100_000_000
    let factor = whole + Int128(percent.digits) * sway
    // The percentage is at most 100, so the factor is never negative and division rounds down.
    return Microseconds(saturating: Int64(clamping: Int128(count) * factor / whole))
  }
}

extension Int64 {
  fileprivate func saturatingMultiplied(by other: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
