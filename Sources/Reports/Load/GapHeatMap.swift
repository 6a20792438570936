internal import Cassettes
internal import Loading
internal import Units

/// The gaps between events over the run: how many of which length, the more the darker.
struct GapHeatMap {
  /// In how many stretches the run is drawn at the most.
  private static let stretches = 160
  private static let rowHeight = 15.0
  private static let top = 30.0
  /// How many shades there are.
  private static let shades = 6

  private let series: LoadSeries

  init(_ report: LoadReport) { series = report.meter.series.thinned(to: Self.stretches) }

  /// The picture, or nil where no stream had two events.
  var svg: String? {
    let columns = series.slots.indices.map { Array(series.gapCounts(in: $0)) }
    let rows = LoadSeries.gapScale.rows(in: columns)
    let most = columns.joined().max() ?? 0
    guard let first = rows.first, let last = rows.last, most > 0 else { return nil }
    // A row more on both sides shows where they end.
    let low = max(first - 1, 0)
    let high = min(last + 1, LoadSeries.gapScale.count - 1)
    let bottom = Self.top + Double(high - low + 1) * Self.rowHeight
    var drawing = Drawing()
    LatencyOverTime.scale(of: series).draw(in: &drawing, y: Self.top - 8, bottom: bottom)
    draw(columns, from: low, to: high, most: Double(most), in: &drawing, bottom: bottom)
    drawLabels(from: low, to: high, in: &drawing, bottom: bottom)
    return drawing.svg(
      width: LatencyOverTime.width, height: bottom + 10, title: "Gaps between events over the run",
      description: "Most gaps last \(Self.words(of: Self.mode(of: columns))); all lie between "
        + "\(LoadSeries.gapScale.bounds(first).lowerBound.asTime) and "
        + "\(LoadSeries.gapScale.bounds(last).upperBound.asTime).")
  }

  private func draw(
    _ columns: [[UInt32]], from low: Int, to high: Int, most: Double, in drawing: inout Drawing,
    bottom: Double
  ) {
    var paths = [String](repeating: "", count: Self.shades)
    for (slot, counts) in columns.enumerated() {
      let left = LatencyOverTime.x(slot, of: columns.count)
      let right = LatencyOverTime.x(slot + 1, of: columns.count)
      for row in low...high where counts[row] > 0 {
        let y = bottom - Double(row - low) * Self.rowHeight
        paths[Self.shade(Double(counts[row]), most: most)] +=
          "M\(Drawing.number(left)) \(Drawing.number(y))H\(Drawing.number(right))"
          + "v-\(Drawing.number(Self.rowHeight))H\(Drawing.number(left))z"
      }
    }
    for (shade, path) in paths.enumerated() { drawing.path(path, style: "heat h\(shade)") }
  }

  /// The shade of a count: each is so many times as many as the one before.
  private static func shade(_ count: Double, most: Double) -> Int {
    guard most > 1 else { return shades - 1 }
    let part = PortableMath.logarithm(count) / PortableMath.logarithm(most)
    return min(max(Int(part * Double(shades)), 0), shades - 1)
  }

  private func drawLabels(
    from low: Int, to high: Int, in drawing: inout Drawing, bottom: Double
  ) {
    for time in LogAxis.steps {
      guard let row = (low...high).first(where: { LoadSeries.gapScale.bounds($0).contains(time) })
      else { continue }
      let bounds = LoadSeries.gapScale.bounds(row)
      let part = Double(time - bounds.lowerBound) / Double(bounds.upperBound - bounds.lowerBound)
      let y = bottom - (Double(row - low) + part) * Self.rowHeight
      drawing.line(
        LatencyOverTime.left - 4, y, toX: LatencyOverTime.left, toY: y, style: "axis")
      drawing.text(
        time.asTime, x: LatencyOverTime.left - 8, y: y + 4, style: "small quiet", anchor: .end)
    }
    drawing.line(
      LatencyOverTime.left, bottom, toX: LatencyOverTime.right, toY: bottom, style: "axis")
  }

  /// The row that most gaps are in.
  private static func mode(of columns: [[UInt32]]) -> Int {
    let totals = (0..<LoadSeries.gapScale.count).map { row in
      columns.reduce(UInt64(0)) { $0 + UInt64($1[row]) }
    }
    return totals.indices.max { totals[$0] < totals[$1] } ?? 0
  }

  private static func words(of row: Int) -> String {
    let bounds = LoadSeries.gapScale.bounds(row)
    return "\(bounds.lowerBound.asTime) to \(bounds.upperBound.asTime)"
  }
}

extension LogScale {
  /// The rows in which any count is, in order.
  fileprivate func rows(in columns: [[UInt32]]) -> [Int] {
    (0..<count).filter { row in columns.contains { $0[row] > 0 } }
  }
}
