/// An SVG picture in the making.
///
/// What it looks like, in light and dark, `picture.css` says.
struct Drawing {
  /// Which point of a text its place names.
  enum Anchor: String {
    case start, middle, end
  }

  /// What was drawn.
  private(set) var markup = ""

  /// A number as SVG reads it, with one digit behind the point at the most.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let tenths = Int((min(max(value, -100_000), 100_000) * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }

  /// How wide a text of that many characters is at the most, in the small size of labels.
  static func width(of text: String) -> Double { Double(text.unicodeScalars.count) * 7.4 }

  /// Draws a text, of which nothing is markup.
  mutating func text(
    _ text: String, x: Double, y: Double, style: String = "", anchor: Anchor = .start,
    limit: Int = 120
  ) {
    let place = "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
    let side = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let look = style.isEmpty ? "" : " class=\"\(style)\""
    markup += "<text \(place)\(look)\(side)>\(Markup.excerpt(text, limit: limit))</text>"
  }

  /// Draws a line of text of which nothing stands beyond a box.
  mutating func clippedText(
    _ text: String, x: Double, y: Double, width: Double, height: Double, style: String
  ) {
    let place = "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
    markup +=
      "<svg \(place) width=\"\(Self.number(width))\" height=\"\(Self.number(height))\">"
    self.text(text, x: 0, y: height - 4, style: style, limit: .max)
    markup += "</svg>"
  }

  /// Draws what another picture has.
  mutating func append(_ other: Drawing) { markup += other.markup }

  /// Draws a path.
  mutating func path(_ path: String, style: String) {
    if !path.isEmpty { markup += "<path class=\"\(style)\" d=\"\(path)\"/>" }
  }

  /// Draws a line.
  mutating func line(_ x: Double, _ y: Double, toX: Double, toY: Double, style: String) {
    path(
      "M\(Self.number(x)) \(Self.number(y))L\(Self.number(toX)) \(Self.number(toY))", style: style)
  }

  /// Draws a rectangle.
  mutating func box(x: Double, y: Double, width: Double, height: Double, style: String) {
    markup +=
      "<rect class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" "
      + "width=\"\(Self.number(max(width, 0)))\" height=\"\(Self.number(max(height, 0)))\"/>"
  }

  /// Draws a disc, for what ends well, or a cross, for what does not.
  mutating func end(x: Double, y: Double, isWell: Bool) {
    let (x, y) = (Self.number(x), Self.number(y))
    markup +=
      isWell
      ? "<circle class=\"well\" cx=\"\(x)\" cy=\"\(y)\" r=\"5\"/>"
      : "<path class=\"ill\" d=\"M\(x) \(y)m-5-5l10 10m0-10l-10 10\"/>"
  }

  /// Draws bars that stand on a line, each a fraction of a height.
  mutating func bars(
    _ bars: [(x: Double, part: Double)], on y: Double, height: Double, style: String
  ) {
    var path = ""
    for bar in bars {
      let tall = max(3, min(bar.part, 1) * height)
      path += "M\(Self.number(bar.x)) \(Self.number(y))v-\(Self.number(tall))"
    }
    self.path(path, style: style)
  }

  /// The picture, whose width is what its reader has room for.
  ///
  /// The title and the description say what it shows to those who don't see it.
  func svg(
    width: Double, height: Double, title: String, description: String = "", style: String? = nil
  ) -> String {
    let size = "\(Self.number(width)) \(Self.number(height))"
    let sheet = style.map { "<style>\($0)</style>" } ?? ""
    let words =
      description.isEmpty ? "" : "<desc>\(Markup.excerpt(description, limit: 600))</desc>"
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" class=\"picture\" "
      + "role=\"img\"><title>\(Markup.excerpt(title, limit: 200))</title>\(words)\(sheet)"
      + "\(markup)</svg>"
  }
}
