/// Rows of cells for a person, in columns as wide as their widest cell, or as the terminal lets
/// them be.
///
/// Where a table is too wide its last column is wrapped or cut; where that leaves too little of it,
/// each row becomes a paragraph.
struct Table: Sendable {
  /// What becomes of the last column where the table is too wide.
  enum Overflow: Sendable {
    /// It goes on in the next line, below itself.
    case wraps
    /// It is cut.
    case cuts
    /// Nothing: each row becomes a paragraph.
    case none
  }

  /// One cell.
  struct Cell: ExpressibleByStringInterpolation, Sendable {
    var text: String
    var style: Terminal.Style?

    init(_ text: String, _ style: Terminal.Style? = nil) {
      self.text = text
      self.style = style
    }

    init(stringLiteral text: String) { self.init(text) }
  }

  /// The names of the columns; none where there is no line for them.
  var headings: [String] = []

  /// The columns whose cells stand to the right.
  var rightAligned: Set<Int> = []

  /// What becomes of the last column where the table is too wide.
  var overflow = Overflow.none

  /// How many cells begin the paragraph that a row becomes.
  var leading = 1

  /// Whether the other cells of a paragraph stand behind the names of their columns.
  var namesCells = true

  /// The rows, each of a cell a column.
  var rows: [[Cell]] {
    get { (0..<count).map(row) }
    set { (count, row) = (newValue.count, { newValue[$0] }) }
  }

  /// How many rows there are.
  var count = 0

  /// Makes a row; asked more than once for each, so that not all of very many are there at once.
  var row: @Sendable (Int) -> [Cell] = { _ in [] }

  /// What a last column must have at the least: less of it is hard to read.
  private static let leastLast = [Overflow.wraps: 30, .cuts: 8]

  private static let gap = "  "

  /// The lines of the table on a terminal, or as wide as they are elsewhere, each indented by as
  /// many spaces.
  func lines(on terminal: Terminal, indent: Int = 0) -> [String] {
    var lines: [String] = []
    write(on: terminal, indent: indent) { lines.append($0) }
    return lines
  }

  /// Writes the same lines one by one.
  func write(on terminal: Terminal, indent: Int = 0, to line: (String) -> Void) {
    let widths = self.widths
    let columns = terminal.columns.map { max(1, $0 - indent) }
    let margin = String(repeating: " ", count: indent)
    let natural = widths.reduce(0, +) + max(0, widths.count - 1) * Self.gap.count
    func write(_ lines: [String]) { for text in lines { line(margin + text) } }
    if columns ?? natural >= natural {
      forEachHeaded { write(grid($0, widths, on: terminal)) }
    } else if let columns, let least = Self.leastLast[overflow], let last = widths.last,
      last - (natural - columns) >= least
    {
      let widths = Array(widths.dropLast()) + [last - (natural - columns)]
      forEachHeaded { write(grid($0, widths, on: terminal)) }
    } else {
      for number in 0..<count {
        write(paragraph(row(number), columns ?? natural, on: terminal))
      }
    }
  }

  private func forEachHeaded(_ body: ([Cell]) -> Void) {
    if !headings.isEmpty { body(headings.map { Cell($0, .bold) }) }
    for number in 0..<count { body(row(number)) }
  }

  private var widths: [Int] {
    var widths: [Int] = []
    forEachHeaded { row in
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], TextWidth.of(cell.text))
      }
    }
    return widths
  }

  private func grid(_ row: [Cell], _ widths: [Int], on terminal: Terminal) -> [String] {
    guard let last = row.last, let room = widths.last else { return [""] }
    let front = zip(row.dropLast(), widths).enumerated().map { column, pair in
      padded(pair.0, to: pair.1, isRight: rightAligned.contains(column), on: terminal)
    }
    let lead = front.map { $0 + Self.gap }.joined()
    let pieces =
      overflow == .cuts
      ? [TextWidth.cut(last.text, to: room)] : TextWidth.wrap(last.text, to: room)
    let taken = widths.dropLast().reduce(0) { $0 + $1 + Self.gap.count }
    return pieces.enumerated().map { number, piece in
      let start = number == 0 ? lead : String(repeating: " ", count: taken)
      let isRight = rightAligned.contains(row.count - 1)
      return Self.trimmed(
        start + padded(Cell(piece, last.style), to: room, isRight: isRight, on: terminal))
    }
  }

  private func padded(
    _ cell: Cell, to width: Int, isRight: Bool, on terminal: Terminal
  ) -> String {
    let padding = String(repeating: " ", count: max(0, width - TextWidth.of(cell.text)))
    let text = terminal.styled(cell.text, cell.style)
    return isRight ? padding + text : text + padding
  }

  /// A row as its leading cells, and below them all others.
  private func paragraph(_ row: [Cell], _ columns: Int, on terminal: Terminal) -> [String] {
    let narrow = Terminal(columns: columns, hasColor: false)
    let lead = row.prefix(leading).map(\.text).joined(separator: Self.gap)
    let rest = row.enumerated().dropFirst(leading).compactMap { column, cell -> String? in
      guard !cell.text.isEmpty else { return nil }
      let name = namesCells && column < headings.count ? "\(headings[column]) " : ""
      return name + cell.text
    }
    let first = narrow.wrapped(lead, indent: 4).map { terminal.styled($0, .bold) }
    guard !rest.isEmpty else { return first }
    return first + narrow.wrapped("    " + rest.joined(separator: ", "), indent: 4)
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
