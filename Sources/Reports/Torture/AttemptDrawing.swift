internal import Cassettes
internal import Judging

/// One attempt of a case: two lanes, the faults across them, and the wait behind it.
struct AttemptDrawing {
  private static let laneHeight = 30.0
  private static let rowHeight = 20.0
  private static let faultLimit = 3
  private static let left = 92.0
  private static let right = 930.0

  let lane: CaseTimeline.Lane
  /// The attempt that is drawn behind it.
  let next: Attempt?
  let scale: TimeScale

  private var attempt: Attempt { lane.attempt }
  private var faults: ArraySlice<CaseTimeline.FaultMark> { lane.faults.prefix(Self.faultLimit) }
  private var hasWait: Bool { attempt.retryAfter != nil || attempt.stayed != nil }

  /// How much room it takes, with or without one behind it.
  var height: Double {
    Self.rowHeight + 2 * Self.laneHeight + Double(faults.count) * 18 + (hasWait ? 26 : 0) + 14
  }

  /// Draws it below a line.
  func draw(in drawing: inout Drawing, y: Double) {
    let planned = y + Self.rowHeight + Self.laneHeight
    let sent = planned + Self.laneHeight
    drawing.text(caption, x: Self.left, y: y + 14, style: "small strong")
    for (name, marks, base) in [("planned", lane.planned, planned), ("sent", lane.sent, sent)] {
      drawing.text(name, x: 0, y: base - 8, style: "small quiet")
      drawing.line(Self.left, base, toX: Self.right, toY: base, style: "axis")
      drawing.bars(
        marks.bars(on: scale), on: base, height: Self.laneHeight - 6, style: name)
    }
    for (row, fault) in faults.enumerated() {
      draw(fault, in: &drawing, top: y + Self.rowHeight + 2, y: sent + Double(row) * 18 + 16)
    }
    if hasWait { drawWait(in: &drawing, y: sent + Double(faults.count) * 18 + 6) }
  }

  private var caption: String {
    var words = ["attempt \(attempt.number)"]
    words.append(attempt.status.map { "status \($0)" } ?? "no head")
    words.append("\(attempt.events) events, \(attempt.bytes) bytes")
    if let ended = attempt.ended { words.append("ended: \(ended)") }
    if attempt.shouldRetry == false { words.append("x-should-retry: false") }
    return words.joined(separator: " · ")
  }

  private func draw(
    _ fault: CaseTimeline.FaultMark, in drawing: inout Drawing, top: Double, y: Double
  ) {
    let x = scale.x(fault.at)
    drawing.line(x, top, toX: x, toY: y - 11, style: "fault")
    let words = String(fault.fault.prefix(60)) + (fault.byte.map { " · byte \($0)" } ?? "")
    Self.label(words, from: x, to: x, style: "small bad", in: &drawing, y: y)
  }

  /// Draws how long the client was to wait, when it asked again, and how long it stayed.
  private func drawWait(in drawing: inout Drawing, y: Double) {
    guard let over = attempt.over else { return }
    var words: [String] = []
    let from = scale.x(over)
    var to = from
    if let wait = attempt.retryAfter {
      to = max(to, scale.x(over + wait))
      drawing.box(x: from, y: y, width: to - from, height: 16, style: "wait")
      words.append("retry-after \(wait.short)")
    }
    if let stayed = attempt.stayed {
      let end = scale.x(over + stayed)
      drawing.line(from, y + 14, toX: end, toY: y + 14, style: "stay")
      to = max(to, end)
      words.append("connected \(stayed.short) more")
    }
    if let next {
      let x = scale.x(next.asked)
      drawing.path(
        "M\(Drawing.number(x)) \(Drawing.number(y + 16))l-5-9h10z", style: "retry")
      to = max(to, x + 5)
      words.append("asked again after \((next.asked - over).short)")
    }
    Self.label(
      words.joined(separator: " · "), from: from, to: to, style: "small", in: &drawing, y: y + 12)
  }

  /// Writes a label behind what it belongs to, before it, or on it: where there is room.
  private static func label(
    _ words: String, from: Double, to: Double, style: String, in drawing: inout Drawing, y: Double
  ) {
    let width = Drawing.width(of: words)
    if to + 8 + width <= right {
      drawing.text(words, x: to + 8, y: y, style: style)
    } else if from - 8 - width >= left {
      drawing.text(words, x: from - 8, y: y, style: style, anchor: .end)
    } else {
      drawing.text(words, x: left, y: y, style: style)
    }
  }
}
