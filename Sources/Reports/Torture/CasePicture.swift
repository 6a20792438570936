internal import Cassettes
package import Judging

/// A case on one time axis: what was planned, what was sent, what the client delivered.
package struct CasePicture: Sendable {
  /// The most attempts that are drawn; of more, the last takes the place of those between.
  package static let attemptLimit = 6

  static let width = 960.0
  private static let left = 92.0
  private static let right = 930.0
  private static let laneHeight = 30.0

  /// The picture, as an SVG element that `picture.css` says the colours of.
  package let svg: String

  /// Draws a result.
  package init(_ result: CaseResult) {
    let lanes = Self.shown(result.timeline.lanes)
    let scale = TimeScale(
      Self.times(of: result.timeline, lanes), left: Self.left, right: Self.right,
      shortensWaits: true)
    var drawing = Drawing()
    let heights = lanes.map { AttemptDrawing(lane: $0, next: nil, scale: scale).height }
    let top = 34.0
    let bottom = top + heights.reduce(0, +) + Self.laneHeight + 26
    scale.draw(in: &drawing, y: top - 10, bottom: bottom - 12)
    var y = top
    for (index, lane) in lanes.enumerated() {
      let next = index + 1 < lanes.count ? lanes[index + 1].attempt : nil
      AttemptDrawing(lane: lane, next: next, scale: scale).draw(in: &drawing, y: y)
      y += heights[index]
    }
    Self.drawDelivered(result, scale, in: &drawing, y: y)
    svg = drawing.svg(width: Self.width, height: bottom, title: result.title)
  }

  private static func shown(_ lanes: [CaseTimeline.Lane]) -> [CaseTimeline.Lane] {
    lanes.count <= attemptLimit ? lanes : lanes.prefix(attemptLimit - 1) + lanes.suffix(1)
  }

  private static func times(
    of timeline: CaseTimeline, _ lanes: [CaseTimeline.Lane]
  ) -> [Microseconds] {
    var times = [timeline.end] + timeline.delivered.map(\.at)
    for lane in lanes {
      times += lane.sent.map(\.at) + lane.planned.map(\.at) + lane.faults.map(\.at)
      times.append(lane.attempt.asked)
      if let over = lane.attempt.over {
        times.append(over)
        if let wait = lane.attempt.retryAfter { times.append(over + wait) }
        if let stayed = lane.attempt.stayed { times.append(over + stayed) }
      }
    }
    return times
  }

  private static func drawDelivered(
    _ result: CaseResult, _ scale: TimeScale, in drawing: inout Drawing, y: Double
  ) {
    let base = y + laneHeight
    drawing.text("delivered", x: 0, y: base - 8, style: "small quiet")
    drawing.line(left, base, toX: right, toY: base, style: "axis")
    drawing.bars(
      result.timeline.delivered.bars(on: scale), on: base, height: laneHeight - 6,
      style: "delivered")
    let end = scale.x(result.timeline.end)
    drawing.end(x: end, y: base, isWell: !result.judgement.isWrong)
    let said = result.endWords
    let isLate = end > (left + right) / 2
    drawing.text(
      said, x: isLate ? end - 10 : end + 10, y: base + 20, style: "small",
      anchor: isLate ? .end : .start)
  }
}

extension [CaseTimeline.Mark] {
  /// The marks as bars; what falls on one column is one bar.
  func bars(on scale: TimeScale) -> [(x: Double, part: Double)] {
    var bars: [(x: Double, bytes: Int)] = []
    for mark in self {
      let x = (scale.x(mark.at) * 2).rounded() / 2
      if let last = bars.last, x - last.x < 2 {
        bars[bars.count - 1].bytes &+= mark.bytes
      } else {
        bars.append((x, mark.bytes))
      }
    }
    let largest = Double(Swift.max(bars.map(\.bytes).max() ?? 1, 1))
    return bars.map { ($0.x, (Double(Swift.max($0.bytes, 0)) / largest).squareRoot()) }
  }
}
