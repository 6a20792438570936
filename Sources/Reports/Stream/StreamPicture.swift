package import Cassettes

/// One stream on a time axis: arrivals, gaps, events by type, and the text as it stood.
package struct StreamPicture: Sendable {
  /// At how many times the text is written out.
  private static let momentCount = 4
  private static let curveHeight = 48.0

  private let trace: StreamTrace
  private let title: String

  /// Creates the picture of an exchange.
  ///
  /// - Parameters:
  ///   - exchange: The exchange.
  ///   - title: What the picture is called.
  package init(_ exchange: Exchange, title: String) {
    self.init(StreamTrace(exchange), title: title)
  }

  init(_ trace: StreamTrace, title: String) {
    self.trace = trace
    self.title = title
  }

  /// The picture as a file of its own, with its colours.
  package var bytes: [UInt8] { Array((svg(style: PageTemplate.pictureStyle) + "\n").utf8) }

  /// The picture as a part of a page that has `picture.css`.
  func svg(style: String? = nil) -> String {
    let facts = StreamFacts(trace)
    let scale = TimeScale(
      trace.times, left: StreamLanes.left, right: StreamLanes.right, shortensWaits: false)
    let lanes = StreamLanes(trace: trace, scale: scale)
    var below = Drawing()
    var y = lanes.drawArrivals(in: &below, y: 28)
    y = lanes.drawGaps(facts, in: &below, y: y)
    y = lanes.drawEvents(in: &below, y: y)
    if !trace.text.isEmpty { y = drawText(scale, in: &below, y: y) }
    let axisBottom = y
    if !trace.text.isEmpty { y = drawMoments(scale, in: &below, y: y + 8) }
    var drawing = Drawing()
    scale.draw(in: &drawing, y: 22, bottom: axisBottom)
    drawing.append(below)
    return drawing.svg(width: StreamLanes.width, height: y + 6, title: title, style: style)
  }

  /// Draws how the text grew.
  private func drawText(_ scale: TimeScale, in drawing: inout Drawing, y: Double) -> Double {
    let base = y + Self.curveHeight + 4
    let count = max(trace.text.count, 1)
    drawing.text("text", x: 0, y: base - 18, style: "small quiet")
    drawing.text("\(trace.text.count) bytes", x: 0, y: base - 3, style: "small quiet")
    drawing.line(StreamLanes.left, base, toX: StreamLanes.right, toY: base, style: "axis")
    var path = "M\(Drawing.number(StreamLanes.left)) \(Drawing.number(base))"
    var last = -1.0
    for event in trace.events {
      let x = scale.x(event.at)
      guard x - last >= 1 || event.textEnd == trace.text.count else { continue }
      last = x
      let height = base - Self.curveHeight * Double(event.textEnd) / Double(count)
      path += "H\(Drawing.number(x))V\(Drawing.number(height))"
    }
    drawing.path(path + "H\(Drawing.number(scale.x(trace.end)))", style: "curve")
    return base + 8
  }

  /// Writes the end of the text as it stood at some times.
  private func drawMoments(_ scale: TimeScale, in drawing: inout Drawing, y: Double) -> Double {
    let width = StreamLanes.width / Double(Self.momentCount)
    for number in 1...Self.momentCount {
      let x = width * Double(number - 1)
      let time = Microseconds(
        saturating: trace.end.count / Int64(Self.momentCount) * Int64(number))
      let isLast = number == Self.momentCount
      let length = isLast ? trace.text.count : trace.textLength(at: time)
      let when = isLast ? "at the end" : "after \(time.short)"
      let title = length == 0 ? "no text \(when)" : "the text \(when)"
      drawing.text(title, x: x, y: y + 12, style: "small quiet")
      let lines = Self.tail(of: trace.text[..<length], columns: 32, lines: 3)
      for (row, line) in lines.enumerated() {
        drawing.clippedText(
          line, x: x, y: y + 18 + Double(row) * 17, width: width - 14, height: 17,
          style: "small")
      }
    }
    return y + 18 + 3 * 17
  }

  /// The last words of a text, in lines of about so many columns.
  static func tail(of text: ArraySlice<UInt8>, columns: Int, lines count: Int) -> [String] {
    let tail = text.suffix(columns * count * 4)
    let spaced = tail.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
    let visible = Markup.visible(String(decoding: spaced, as: UTF8.self), limit: .max)
    var lines = [""]
    var width = 0
    for word in visible.split(separator: " ", omittingEmptySubsequences: false) {
      let wordWidth = Self.columns(of: word) + 1
      if width > 0, width + wordWidth > columns + 1 {
        lines.append("")
        width = 0
      }
      // A word that is longer than a line is cut by the line's box.
      lines[lines.count - 1] += width == 0 ? "\(word)" : " \(word)"
      width += wordWidth
    }
    guard lines.count > count || tail.count < text.count else { return lines }
    lines = lines.suffix(count)
    if let first = lines.first { lines[0] = "…" + first }
    return lines
  }

  /// How many columns a text takes; those of East Asian scripts and emoji are twice as wide.
  private static func columns(of text: Substring) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
  }
}
