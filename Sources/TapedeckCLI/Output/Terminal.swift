import Libc

/// What one of the program's outputs leads to: a terminal of some width, with or without colours,
/// or a file or pipe, where nothing is cut and nothing is coloured.
struct Terminal: Equatable {
  /// The forms in which text can stand out. (ECMA-48, 8.3.117)
  enum Style: String {
    case bold = "1"
    case faint = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  /// How many characters a line has, or nil where this is no terminal, so that lines may have any
  /// length.
  let columns: Int?

  /// Whether text is coloured.
  let hasColor: Bool

  /// A file or a pipe.
  static let none = Terminal(columns: nil, hasColor: false)

  /// Standard output as it is now: a window changes its size.
  static var output: Terminal { Terminal(descriptor: STDOUT_FILENO) }

  /// Standard error as it is now.
  static var error: Terminal { Terminal(descriptor: STDERR_FILENO) }

  /// The width of a terminal that does not say it.
  static let usualColumns = 80

  /// What is narrower is taken for this wide.
  private static let leastColumns = 20

  init(columns: Int?, hasColor: Bool) {
    self.columns = columns
    self.hasColor = hasColor
  }

  /// Asks the system what a descriptor leads to.
  init(descriptor: Int32) {
    let variable = { (name: String) in getenv(name).map { String(cString: $0) } }
    guard isatty(descriptor) == 1 else {
      self.init(columns: nil, hasColor: Self.hasColor(isTerminal: false, variable))
      return
    }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let columns = isKnown ? Int(size.ws_col) : variable("COLUMNS").flatMap { Int($0) }
    self.init(
      columns: max(columns ?? Self.usualColumns, Self.leastColumns),
      hasColor: Self.hasColor(isTerminal: true, variable))
  }

  /// Whether text is coloured: not where `NO_COLOR` is set (no-color.org), else where
  /// `CLICOLOR_FORCE` says so, else on a terminal that is not `dumb`, unless `CLICOLOR` is 0.
  static func hasColor(isTerminal: Bool, _ variable: (String) -> String?) -> Bool {
    if !(variable("NO_COLOR") ?? "").isEmpty { return false }
    if !["", "0"].contains(variable("CLICOLOR_FORCE") ?? "") { return true }
    return isTerminal && !["", "dumb"].contains(variable("TERM") ?? "")
      && variable("CLICOLOR") != "0"
  }

  /// The text in a style, where there are colours.
  func styled(_ text: String, _ style: Style?) -> String {
    guard hasColor, let style, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }

  /// The text on one line, cut where the line would be longer than the terminal is wide; so many of
  /// its columns are taken already.
  func fitted(_ text: String, after taken: Int = 0) -> String {
    columns.map { TextWidth.cut(text, to: max(1, $0 - taken)) } ?? text
  }

  /// What stands behind `USAGE:` in the help of a verb.
  func usage(_ text: String) -> String {
    let title = "USAGE: "
    let lines = wrapped(title + text, indent: title.count)
    // The other lines are indented where they are printed.
    return lines.map { $0.dropFirst(title.count) }.joined(separator: "\n")
  }

  /// The text in as many lines as it needs, broken at spaces, all but the first indented.
  func wrapped(_ text: String, indent: Int) -> [String] {
    guard let columns, TextWidth.of(text) > columns else { return [text] }
    let indent = min(indent, columns / 2)
    let first = text.prefix { $0 == " " }.count
    let lines = TextWidth.wrap(
      text, to: columns, next: columns - indent, keeping: first)
    return lines.enumerated().map {
      $0.offset == 0 ? $0.element : String(repeating: " ", count: indent) + $0.element
    }
  }
}
