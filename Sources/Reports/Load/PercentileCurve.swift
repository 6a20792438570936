internal import Loading
internal import Units

/// Times by percentile, on an axis on which each nine takes as much room as the one before.
struct PercentileCurve {
  private static let left = 92.0
  private static let right = 800.0
  private static let top = 18.0
  private static let bottom = 300.0

  /// What is drawn, each with the name at its end.
  private static let curves: [(metric: LoadMetric, name: String)] = [
    (.ttft, "first content"), (.gap, "gaps"), (.stream, "whole stream"),
  ]

  /// How much of each power of ten lies beyond the points of a curve.
  private static let parts = [1, 0.8, 0.63, 0.5, 0.4, 0.32, 0.25, 0.2, 0.16, 0.125]

  /// The percentiles that have a label, by what lies beyond them.
  private static let labels: [(beyond: Double, name: String)] = [
    (1, "0 %"), (0.5, "50 %"), (0.1, "90 %"), (0.01, "99 %"), (1e-3, "99.9 %"), (1e-4, "99.99 %"),
    (1e-5, "99.999 %"), (1e-6, "99.9999 %"),
  ]

  private let run: MeasuredRun
  private let other: MeasuredRun?
  /// How little lies beyond the last point.
  private let least: Double

  init(_ run: MeasuredRun, against other: MeasuredRun?) {
    self.run = run
    self.other = other
    let most = [run, other].compactMap(\.self).flatMap { run in
      Self.curves.map { run.report.meter[$0.metric].count }
    }.max()
    least = 1 / Double(min(max(most ?? 1, 10), 1_000_000))
  }

  /// The picture, or nil where there is nothing to draw.
  var svg: String? {
    let drawn = Self.curves.enumerated().map { index, curve in
      (
        index: index, name: curve.name, now: points(of: run.report.meter[curve.metric]),
        before: other.map { points(of: $0.report.meter[curve.metric]) } ?? []
      )
    }.filter { !$0.now.isEmpty || !$0.before.isEmpty }
    guard !drawn.isEmpty else { return nil }
    let axis = LogAxis(
      drawn.flatMap { $0.now + $0.before }.map(\.time), top: Self.top, bottom: Self.bottom)
    var drawing = Drawing()
    axis.draw(in: &drawing, left: Self.left, right: Self.right)
    drawLabels(in: &drawing)
    for curve in drawn {
      drawing.path(path(curve.before, axis), style: "event e\(curve.index) before")
      drawing.path(path(curve.now, axis), style: "event e\(curve.index)")
    }
    drawNames(
      drawn.compactMap { curve in
        (curve.now.last ?? curve.before.last).map { (curve.name, axis.y($0.time), $0.beyond) }
      }, in: &drawing)
    return drawing.svg(
      width: LatencyOverTime.width, height: Self.bottom + 30, title: "Times by percentile",
      description: drawn.map { curve in
        "\(curve.name): \(curve.now.isEmpty ? "not in this run" : words(of: curve.now))"
      }.joined(separator: "; ") + ".")
  }

  private typealias Point = (beyond: Double, time: Int64)

  /// The points of a curve, as far as there are values.
  private func points(of histogram: LatencyHistogram) -> [Point] {
    guard histogram.count > 0 else { return [] }
    let last = max(1 / Double(histogram.count), least)
    var points: [Point] = []
    var decade = 1.0
    while decade > last {
      for part in Self.parts where decade * part > last {
        let beyond = decade * part
        points.append((beyond, histogram.percentile(100 * (1 - beyond))))
      }
      decade /= 10
    }
    points.append((last, histogram.longest))
    return points
  }

  /// Where a percentile stands.
  private func x(_ beyond: Double) -> Double {
    let part = PortableMath.logarithm(beyond) / PortableMath.logarithm(least)
    return Self.left + (Self.right - Self.left) * min(max(part, 0), 1)
  }

  private func path(_ points: [Point], _ axis: LogAxis) -> String {
    points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(Drawing.number(x(point.beyond))) "
        + Drawing.number(axis.y(point.time))
    }.joined()
  }

  private func drawLabels(in drawing: inout Drawing) {
    for label in Self.labels where label.beyond >= least {
      let x = x(label.beyond)
      drawing.line(x, Self.top, toX: x, toY: Self.bottom, style: "grid")
      drawing.text(label.name, x: x, y: Self.bottom + 20, style: "small quiet", anchor: .middle)
    }
    drawing.line(Self.left, Self.bottom, toX: Self.right, toY: Self.bottom, style: "axis")
  }

  /// Writes the names beside the ends of the curves, none on another.
  private func drawNames(
    _ ends: [(name: String, y: Double, beyond: Double)], in drawing: inout Drawing
  ) {
    var free = Self.top - 4
    for end in ends.sorted(by: { ($0.y, $0.name) < ($1.y, $1.name) }) {
      let y = max(end.y, free)
      drawing.line(
        x(end.beyond), end.y, toX: Self.right + 12, toY: y, style: "grid")
      drawing.text(end.name, x: Self.right + 16, y: y + 4, style: "small")
      free = y + 17
    }
  }

  private func words(of points: [Point]) -> String {
    "at most \(points.last?.time.asTime ?? "0"), half of them "
      + "\(points.last { $0.beyond >= 0.5 }?.time.asTime ?? "0") or less"
  }
}
