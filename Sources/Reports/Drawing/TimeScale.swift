internal import Cassettes

/// Where a time stands on an axis.
///
/// A wait in which nothing happens, and which is much of the whole, is drawn as a gap of a width of
/// its own: else ten seconds of silence would leave a pixel for the stream before them.
struct TimeScale {
  /// A part of the axis.
  struct Span {
    var from: Int64
    var to: Int64
    var left: Double
    var right: Double
    /// Whether it is a wait that is drawn shorter than it was.
    var isGap: Bool
  }

  /// The width of a wait that is drawn shorter.
  static let gapWidth = 84.0

  /// The parts, in order; at least one.
  let spans: [Span]

  /// Creates an axis on which some times have room.
  ///
  /// - Parameters:
  ///   - times: The times at which something happens, in any order.
  ///   - left: Where the axis begins.
  ///   - right: Where it ends.
  ///   - shortensWaits: Whether long waits are drawn shorter.
  init(_ times: [Microseconds], left: Double, right: Double, shortensWaits: Bool) {
    let times = Set(times.map(\.count) + [0]).sorted()
    let total = max(times.last ?? 0, 1)
    var pieces: [(from: Int64, to: Int64, isGap: Bool)] = []
    for (from, to) in zip(times, times.dropFirst()) {
      let isGap = shortensWaits && to - from > max(total / 4, 20_000)
      if !isGap, let last = pieces.last, !last.isGap {
        pieces[pieces.count - 1].to = to
      } else {
        pieces.append((from, to, isGap))
      }
    }
    if pieces.isEmpty { pieces = [(0, total, false)] }
    let gaps = Double(pieces.count { $0.isGap })
    let busy = pieces.reduce(Int64(0)) { $0 + ($1.isGap ? 0 : $1.to - $1.from) }
    // Where all is waiting there is nothing that needs its room.
    let gapWidth = busy == 0 ? (right - left) / max(gaps, 1) : Self.gapWidth
    let room = max(right - left - gaps * gapWidth, 0)
    var x = left
    spans = pieces.map { piece in
      let width =
        piece.isGap ? gapWidth : room * Double(piece.to - piece.from) / Double(max(busy, 1))
      defer { x += width }
      return Span(
        from: piece.from, to: piece.to, left: x, right: x + width, isGap: piece.isGap)
    }
  }

  /// Where a time stands.
  func x(_ time: Microseconds) -> Double {
    guard let span = spans.first(where: { time.count <= $0.to }) ?? spans.last else { return 0 }
    let part = Double(time.count - span.from) / Double(max(span.to - span.from, 1))
    return span.left + (span.right - span.left) * min(max(part, 0), 1)
  }

  /// Draws the axis, with a label at round times and the length of each wait that is drawn shorter.
  func draw(in drawing: inout Drawing, y: Double, bottom: Double) {
    var free = -Double.infinity
    for span in spans where !span.isGap {
      drawing.line(span.left, y, toX: span.right, toY: y, style: "axis")
    }
    for span in spans where span.isGap {
      drawing.box(
        x: span.left, y: y, width: span.right - span.left, height: bottom - y, style: "gap")
      let length = Microseconds(saturating: span.to - span.from).short
      drawing.text(
        "⋯ \(length) ⋯", x: (span.left + span.right) / 2, y: y - 7, style: "small quiet",
        anchor: .middle)
    }
    for (time, x) in ticks {
      let label = time.short
      let half = Drawing.width(of: label) / 2
      guard x - half > free, isClear(x - half, x + half) else { continue }
      free = x + half + 8
      drawing.line(x, y, toX: x, toY: bottom, style: "grid")
      drawing.text(label, x: x, y: y - 7, style: "small quiet", anchor: .middle)
    }
  }

  /// Whether nothing of a wait's label stands there.
  private func isClear(_ left: Double, _ right: Double) -> Bool {
    spans.allSatisfy { !$0.isGap || right < $0.left + 8 || left > $0.right - 8 }
  }

  /// Round times, some hundred units of the drawing from each other.
  private var ticks: [(time: Microseconds, x: Double)] {
    let busy = spans.filter { !$0.isGap }
    let time = busy.reduce(Int64(0)) { $0 + $1.to - $1.from }
    let width = busy.reduce(0) { $0 + $1.right - $1.left }
    guard time > 0, width > 0 else { return [(.zero, spans[0].left)] }
    let least = Double(time) * 100 / width
    var step: Int64 = 1
    while Double(step) < least {
      let digits = String(step)
      step = digits.hasPrefix("2") ? step / 2 * 5 : step * 2
      if step > 1_000_000_000_000 { break }
    }
    var ticks: [(Microseconds, Double)] = []
    for span in busy {
      var at = (span.from + step - 1) / step * step
      while at <= span.to, ticks.count < 40 {
        let time = Microseconds(saturating: at)
        ticks.append((time, x(time)))
        at += step
      }
    }
    return ticks
  }
}

extension Microseconds {
  /// The time as a person says it: `850 µs`, `41.2 ms`, `1.25 s`, `2 min 5 s`.
  package var short: String {
    switch count {
    case ..<1_000: count == 0 ? "0" : "\(count) µs"
    case ..<1_000_000: Self.decimal(count, unit: 1_000) + " ms"
    case ..<100_000_000: Self.decimal(count, unit: 1_000_000) + " s"
    default: "\(count / 60_000_000) min \(count / 1_000_000 % 60) s"
    }
  }

  /// A count of units with three digits at the most.
  private static func decimal(_ count: Int64, unit: Int64) -> String {
    let whole = count / unit
    let digits: Int64 = whole < 10 ? 100 : whole < 100 ? 10 : 1
    let rounded = (count + unit / digits / 2) / (unit / digits)
    let (front, back) = rounded.quotientAndRemainder(dividingBy: digits)
    guard back > 0 else { return "\(front)" }
    let text = "\(back + digits)".dropFirst()
    return "\(front).\(text.last == "0" && digits == 100 ? text.dropLast() : text)"
  }
}
