internal import Cassettes

/// The lanes of a stream: its arrivals, its pauses, its events.
struct StreamLanes {
  static let left = 176.0
  static let right = 930.0
  static let width = 960.0
  private static let barHeight = 56.0
  private static let rowHeight = 17.0
  private static let rowLimit = 8

  let trace: StreamTrace
  let scale: TimeScale

  /// Draws a bar for each arrival, as high as it has bytes, and how the stream ended.
  ///
  /// - Returns: Where the lane ends.
  func drawArrivals(in drawing: inout Drawing, y: Double) -> Double {
    let base = y + Self.barHeight + 8
    let largest = trace.arrivals.map(\.bytes).max() ?? 0
    drawing.text("arrivals", x: 0, y: base - 20, style: "small quiet")
    drawing.text("up to \(largest) bytes", x: 0, y: base - 4, style: "small quiet")
    drawing.line(Self.left, base, toX: Self.right, toY: base, style: "axis")
    var bars: [(x: Double, bytes: Int)] = []
    for arrival in trace.arrivals {
      let x = (scale.x(arrival.at) * 2).rounded() / 2
      if let last = bars.last, x - last.x < 2 {
        bars[bars.count - 1].bytes = max(last.bytes, arrival.bytes)
      } else {
        bars.append((x, arrival.bytes))
      }
    }
    drawing.bars(
      bars.map { ($0.x, Double($0.bytes) / Double(max(largest, 1))) }, on: base,
      height: Self.barHeight, style: "sent")
    let end = scale.x(trace.end)
    drawing.end(x: end, y: base, isWell: trace.endsWell)
    let style = trace.endsWell ? "small" : "small bad"
    let isHalf = !trace.endsWell && trace.ended == "complete"
    let words = "ended: \(trace.ended)" + (isHalf ? ", but the message is not whole" : "")
    let isLate = end > (Self.left + Self.right) / 2
    drawing.text(
      words, x: isLate ? end - 10 : end + 10, y: base + 20, style: style,
      anchor: isLate ? .end : .start)
    return base + 28
  }

  /// Draws each long gap with its length.
  ///
  /// - Returns: Where the lane ends.
  func drawGaps(_ facts: StreamFacts, in drawing: inout Drawing, y: Double) -> Double {
    guard !facts.gaps.isEmpty else { return y }
    drawing.text("gaps", x: 0, y: y + 13, style: "small quiet")
    drawing.text(
      "of \(facts.threshold.short) or more", x: 0, y: y + 28, style: "small quiet")
    var free = Self.left - 40
    for gap in facts.gaps {
      let (from, to) = (scale.x(gap.from), scale.x(gap.to))
      drawing.path(
        "M\(Drawing.number(from)) \(Drawing.number(y + 16))v8m0-4"
          + "H\(Drawing.number(to))m0-4v8", style: "span")
      let label = gap.length.short
      let half = Drawing.width(of: label) / 2
      let middle = min(max((from + to) / 2, free + half), Self.width - half)
      guard middle - half < to else { continue }
      drawing.text(label, x: middle, y: y + 12, style: "small", anchor: .middle)
      free = middle + half + 8
    }
    return y + 36
  }

  /// Draws a row of ticks for each type of event.
  ///
  /// - Returns: Where the lane ends.
  func drawEvents(in drawing: inout Drawing, y: Double) -> Double {
    var names = trace.events.map(\.name).uniqued
    let isMore = names.count > Self.rowLimit
    if isMore { names = Array(names.prefix(Self.rowLimit - 1)) + ["other types"] }
    let rows = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var ticks = [[Double]](repeating: [], count: names.count)
    var counts = [Int](repeating: 0, count: names.count)
    for event in trace.events {
      let row = rows[event.name] ?? names.count - 1
      counts[row] += 1
      let x = scale.x(event.at)
      if let last = ticks[row].last, x - last < 1 { continue }
      ticks[row].append(x)
    }
    for (row, name) in names.enumerated() {
      let middle = y + Double(row) * Self.rowHeight + Self.rowHeight / 2
      let count = "\(counts[row])"
      let room = 21 - count.count
      let label = name.unicodeScalars.count > room ? name.prefix(room - 1) + "…" : name[...]
      drawing.text("\(label)", x: 0, y: middle + 4, style: "code")
      drawing.text(count, x: Self.left - 12, y: middle + 4, style: "small quiet", anchor: .end)
      drawing.line(Self.left, middle, toX: Self.right, toY: middle, style: "grid")
      let path = ticks[row].map { "M\(Drawing.number($0)) \(Drawing.number(middle - 6))v12" }
      drawing.path(path.joined(), style: "event e\(row)")
    }
    return y + Double(names.count) * Self.rowHeight + 8
  }

  /// Draws each fault across what is above, and its name and byte below.
  ///
  /// - Returns: Where the labels end.
  func drawFaults(in drawing: inout Drawing, top: Double, y: Double) -> Double {
    var y = y
    for fault in trace.faults.prefix(6) {
      let x = scale.x(fault.at)
      drawing.line(x, top, toX: x, toY: y + 2, style: "fault")
      let words = String(fault.name.prefix(60)) + (fault.byte.map { " · byte \($0)" } ?? "")
      let isLate = x + 8 + Drawing.width(of: words) > Self.width
      drawing.text(
        words, x: isLate ? x - 6 : x + 6, y: y + 14, style: "small bad",
        anchor: isLate ? .end : .start)
      y += 18
    }
    return y
  }
}
