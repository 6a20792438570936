internal import Cassettes
internal import Units

/// Where a time stands on a vertical axis on which each step is so many times as long.
struct LogAxis {
  /// Room between two labels.
  private static let labelHeight = 18.0

  /// The times at the lower and the upper end, in nanoseconds.
  private let range: ClosedRange<Int64>
  private let top: Double
  private let bottom: Double

  /// Creates an axis on which some times have room; what is below a microsecond stands at its end.
  ///
  /// - Parameters:
  ///   - times: The times, in nanoseconds and any order.
  ///   - top: Where the longest stands.
  ///   - bottom: Where the shortest stands.
  init(_ times: [Int64], top: Double, bottom: Double) {
    let shortest = max(times.min() ?? 1_000_000, 1000)
    let longest = max(times.max() ?? 1_000_000, shortest)
    let low = Self.steps.last { $0 <= shortest } ?? 1000
    // One step more, so that the axis is never of one time alone.
    let high = Self.steps.first { $0 >= longest && $0 > low } ?? low * 10
    range = low...high
    self.top = top
    self.bottom = bottom
  }

  /// Round times: 1, 2 and 5 microseconds, and so on, to some hours.
  static let steps: [Int64] = (0..<11).reduce(into: (list: [Int64](), unit: Int64(1000))) {
    result, _ in
    result.list += [1, 2, 5].map { $0 * result.unit }
    result.unit *= 10
  }.list

  /// Where a time stands.
  func y(_ nanoseconds: Int64) -> Double {
    let time = Double(min(max(nanoseconds, range.lowerBound), range.upperBound))
    let whole = PortableMath.logarithm(Double(range.upperBound) / Double(range.lowerBound))
    let part = PortableMath.logarithm(time / Double(range.lowerBound)) / whole
    return bottom - (bottom - top) * part
  }

  /// Draws a line and a label at round times.
  func draw(in drawing: inout Drawing, left: Double, right: Double) {
    var ticks = Self.steps.filter(range.contains)
    let isCrowded = Double(ticks.count) * Self.labelHeight > bottom - top
    let decades = ticks.filter { "\($0)".first == "1" }
    if isCrowded, decades.count > 1 { ticks = decades }
    var free = Double.infinity
    for tick in ticks {
      let y = y(tick)
      drawing.line(left, y, toX: right, toY: y, style: "grid")
      guard y + Self.labelHeight / 2 <= free else { continue }
      free = y - Self.labelHeight / 2
      drawing.text(tick.asTime, x: left - 8, y: y + 4, style: "small quiet", anchor: .end)
    }
  }
}

extension Int64 {
  /// So many nanoseconds as a person says it: `850 µs`, `41.2 ms`.
  var asTime: String { Microseconds(saturating: (self &+ 500) / 1000).short }
}
