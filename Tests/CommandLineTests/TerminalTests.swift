import Testing

@testable import TapedeckCLI

@Suite("Output follows the terminal")
struct TerminalTests {
  private static let plain = Terminal(columns: nil, hasColor: false)

  private static func narrow(_ columns: Int) -> Terminal {
    Terminal(columns: columns, hasColor: false)
  }

  private static let table: Table = {
    var table = Table(
      headings: ["name", "n", "what it does"], rightAligned: [1], overflow: .wraps)
    table.rows = [
      ["a", "1", "one two three four five six seven eight nine"], ["bcd", "10", "ten"],
    ]
    return table
  }()

  @Test("columns are as wide as their widest cell, and numbers stand to the right")
  func natural() {
    #expect(
      Self.table.lines(on: Self.plain) == [
        "name   n  what it does", "a      1  one two three four five six seven eight nine",
        "bcd   10  ten",
      ])
    #expect(Self.table.lines(on: Self.narrow(54)) == Self.table.lines(on: Self.plain))
  }

  @Test("the last column wraps below itself where the table is too wide")
  func wraps() {
    #expect(
      Self.table.lines(on: Self.narrow(42)) == [
        "name   n  what it does", "a      1  one two three four five six",
        "          seven eight nine", "bcd   10  ten",
      ])
  }

  @Test("a row becomes a paragraph where its last column would have too little room")
  func paragraphs() {
    #expect(
      Self.table.lines(on: Self.narrow(24)) == [
        "a", "    n 1, what it does", "    one two three four", "    five six seven eight",
        "    nine", "bcd", "    n 10, what it does", "    ten",
      ])
  }

  @Test("no line is wider than the terminal", arguments: 20...60)
  func fits(columns: Int) {
    var cut = Self.table
    cut.overflow = .cuts
    var whole = Self.table
    whole.overflow = .none
    for table in [Self.table, cut, whole] {
      for line in table.lines(on: Self.narrow(columns)) {
        #expect(TextWidth.of(line) <= columns, "\(line)")
      }
    }
  }

  @Test("styles take no room, and are there with colours only")
  func styles() {
    var table = Table(rightAligned: [0])
    table.rows = [[.init("1", .red), "x"], ["10", .init("y", .green)]]
    #expect(table.lines(on: Self.plain) == [" 1  x", "10  y"])
    #expect(
      table.lines(on: Terminal(columns: 80, hasColor: true)) == [
        " \u{1B}[31m1\u{1B}[0m  x", "10  \u{1B}[32my\u{1B}[0m",
      ])
  }

  @Test(
    "a character takes the columns that a terminal gives it",
    arguments: [("abc", 3), ("größe", 5), ("日本", 4), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("", 0)])
  func width(text: String, columns: Int) {
    #expect(TextWidth.of(text) == columns)
  }

  @Test("a line is cut at the width, wide characters whole")
  func cut() {
    #expect(TextWidth.cut("abcdef", to: 6) == "abcdef")
    #expect(TextWidth.cut("abcdefg", to: 6) == "abcde…")
    #expect(TextWidth.cut("日本語", to: 4) == "日…")
    #expect(Self.plain.fitted("abcdefg") == "abcdefg")
    #expect(Self.narrow(6).fitted("abcdefg", after: 2) == "abc…")
  }

  @Test(
    "a long text keeps its beginning and its end, within any width", arguments: 1...12,
    ["abcdefghij", "日本語日本語", "a日b本c語"])
  func cutInside(columns: Int, text: String) {
    let cut = TextWidth.cutInside(text, to: columns)
    #expect(TextWidth.of(cut) <= columns)
    if TextWidth.of(text) <= columns { #expect(cut == text) } else { #expect(cut.contains("…")) }
    if columns == 7 { #expect(cut.first == text.first && cut.last == text.last) }
  }

  @Test("text wraps at spaces, and a long word anywhere")
  func wrapped() {
    #expect(Self.narrow(20).wrapped("  note: a b", indent: 4) == ["  note: a b"])
    #expect(
      Self.narrow(10).wrapped("  note: one two abcdefghijkl", indent: 4)
        == ["  note:", "    one", "    two", "    abcdef", "    ghijkl"])
    #expect(Self.plain.wrapped("one two", indent: 1) == ["one two"])
  }

  @Test(
    "colours are for terminals, as variables say",
    arguments: [
      ([:], true, false), (["TERM": "xterm"], true, true), (["TERM": "xterm"], false, false),
      (["TERM": "dumb"], true, false), (["TERM": "xterm", "NO_COLOR": "1"], true, false),
      (["TERM": "xterm", "NO_COLOR": ""], true, true), (["CLICOLOR_FORCE": "1"], false, true),
      (["CLICOLOR_FORCE": "0"], false, false), (["TERM": "xterm", "CLICOLOR": "0"], true, false),
      (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false, false),
    ] as [([String: String], Bool, Bool)])
  func colors(variables: [String: String], isTerminal: Bool, expected: Bool) {
    #expect(Terminal.hasColor(isTerminal: isTerminal) { variables[$0] } == expected)
  }
}
