internal import Cassettes
internal import Loading

/// The time to the first token over the run, above what arrived, was under way and went wrong.
struct LatencyOverTime {
  static let left = 92.0
  static let right = 944.0
  static let width = 960.0
  /// In how many stretches the run is drawn at the most.
  static let stretches = 240
  private static let plotTop = 30.0
  private static let plotBottom = 230.0
  private static let laneHeight = 40.0

  private let series: LoadSeries

  init(_ report: LoadReport) { series = report.meter.series.thinned(to: Self.stretches) }

  /// The picture, or nil where nothing happened.
  var svg: String? {
    guard !series.slots.isEmpty else { return nil }
    let medians = series.slots.indices.map { series.ttft(percentile: 50, in: $0) }
    let tails = series.slots.indices.map { series.ttft(percentile: 99, in: $0) }
    let axis = LogAxis(
      (medians + tails).compactMap(\.self), top: Self.plotTop, bottom: Self.plotBottom)
    var drawing = Drawing()
    let bottom = lanesBottom
    scale.draw(in: &drawing, y: Self.plotTop - 8, bottom: bottom)
    axis.draw(in: &drawing, left: Self.left, right: Self.right)
    drawBand(from: medians, to: tails, axis, in: &drawing)
    drawing.path(steps(tails, axis), style: "p99")
    drawing.path(steps(medians, axis), style: "p50")
    var y = Self.plotBottom
    for lane in lanes { y = draw(lane, in: &drawing, y: y) }
    return drawing.svg(
      width: Self.width, height: y + 8, title: "Time to the first token over the run",
      description: description(medians.compactMap(\.self), tails.compactMap(\.self)))
  }

  /// The time axis of a run in stretches.
  static func scale(of series: LoadSeries) -> TimeScale {
    let end = Microseconds(saturating: Int64(series.slots.count) * (series.width / 1000))
    return TimeScale([end], left: left, right: right, shortensWaits: false)
  }

  private var scale: TimeScale { Self.scale(of: series) }

  /// Where a stretch begins.
  static func x(_ slot: Int, of count: Int) -> Double {
    left + (right - left) * Double(slot) / Double(max(count, 1))
  }

  private func x(_ slot: Int) -> Double { Self.x(slot, of: series.slots.count) }

  /// A line that goes flat through each stretch that has a value.
  private func steps(_ values: [Int64?], _ axis: LogAxis) -> String {
    var path = ""
    var isOpen = false
    for (slot, value) in values.enumerated() {
      guard let value else {
        isOpen = false
        continue
      }
      let y = Drawing.number(axis.y(value))
      path += isOpen ? "V\(y)" : "M\(Drawing.number(x(slot))) \(y)"
      path += "H\(Drawing.number(x(slot + 1)))"
      isOpen = true
    }
    return path
  }

  private func drawBand(
    from lower: [Int64?], to upper: [Int64?], _ axis: LogAxis, in drawing: inout Drawing
  ) {
    var path = ""
    for slot in lower.indices {
      guard let low = lower[slot], let high = upper[slot] else { continue }
      path += box(slot, from: axis.y(low), to: axis.y(high))
    }
    drawing.path(path, style: "band")
  }

  /// The outline of a stretch from one height to another.
  private func box(_ slot: Int, from y: Double, to other: Double) -> String {
    let (left, right) = (Drawing.number(x(slot)), Drawing.number(x(slot + 1)))
    return "M\(left) \(Drawing.number(y))H\(right)V\(Drawing.number(other))H\(left)z"
  }

  /// A lane of bars below the plot.
  private struct Lane {
    var name: String
    var values: [Int]
    var most: String
    var style: String
  }

  private var lanes: [Lane] {
    let seconds = Double(series.width) / 1e9
    let arrivals = series.slots.map(\.arrivals)
    let errors = series.slots.map(\.errors)
    let inFlight = series.inFlight.map { max($0, 0) }
    let rate = { (values: [Int]) in
      "to \(LoadFigure.rate(Double(values.max() ?? 0) / seconds))"
    }
    var lanes = [Lane(name: "arrivals", values: arrivals, most: rate(arrivals), style: "came")]
    if inFlight.contains(where: { $0 > 0 }) {
      let most = "to \(LoadFigure.count(inFlight.max() ?? 0))"
      lanes.append(Lane(name: "in flight", values: inFlight, most: most, style: "open"))
    }
    if errors.contains(where: { $0 > 0 }) {
      lanes.append(Lane(name: "errors", values: errors, most: rate(errors), style: "wrong"))
    }
    return lanes
  }

  private var lanesBottom: Double {
    Self.plotBottom + Double(lanes.count) * (Self.laneHeight + 14)
  }

  private func draw(_ lane: Lane, in drawing: inout Drawing, y: Double) -> Double {
    let base = y + Self.laneHeight + 14
    let most = Double(max(lane.values.max() ?? 1, 1))
    drawing.text(lane.name, x: 0, y: base - 20, style: "small")
    drawing.text(lane.most, x: 0, y: base - 5, style: "small quiet")
    var path = ""
    for (slot, value) in lane.values.enumerated() where value > 0 {
      path += box(slot, from: base, to: base - max(Self.laneHeight * Double(value) / most, 1.5))
    }
    drawing.path(path, style: lane.style)
    drawing.line(Self.left, base, toX: Self.right, toY: base, style: "axis")
    return base
  }

  private func description(_ medians: [Int64], _ tails: [Int64]) -> String {
    guard let least = medians.min(), let most = medians.max(), let worst = tails.max() else {
      return "No stream got as far as its first token."
    }
    return
      "The median lies between \(least.asTime) and \(most.asTime), the 99th percentile reaches "
      + "\(worst.asTime). Below it stand the arrivals, the streams under way and the errors."
  }
}
