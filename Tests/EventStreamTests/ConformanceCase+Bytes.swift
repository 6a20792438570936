extension ConformanceCase {
  /// The leading byte order mark.
  static let marks: [ConformanceCase] = [
    ConformanceCase("one mark is dropped", "\u{FEFF}data: x\n\n", [.init("x")]),
    ConformanceCase(
      "a second mark is text", "\u{FEFF}\u{FEFF}data: x\n\ndata: y\n\n", [.init("y")]),
    ConformanceCase(
      "a mark further on is text", "\ndata: \u{FEFF}x\n\u{FEFF}data: y\n\n", [.init("\u{FEFF}x")]),
    ConformanceCase("a mark alone", "\u{FEFF}", []),
    ConformanceCase("a mark before a blank line", "\u{FEFF}\n\ndata: x\n\n", [.init("x")]),
    ConformanceCase("two thirds of a mark", [0xEF, 0xBB], []),
    ConformanceCase(
      "two thirds of a mark spoil the line that they begin",
      [0xEF, 0xBB] + Array("data: x\ndata: y\n\n".utf8), [.init("y")]),
    ConformanceCase(
      "one third of a mark spoils the line that it begins",
      [0xEF] + Array("data: x\rdata: y\r\r".utf8), [.init("y")]),
    ConformanceCase(
      "two thirds of a mark and a line end are no blank line",
      [0xEF, 0xBB, 0x0A] + Array("data: y\n\n".utf8),
      [.init("y")]),
    ConformanceCase(
      "a mark twice begun is text", [0xEF, 0xBB, 0xEF, 0xBB, 0xBF] + Array("data: x\n\n".utf8), []),
  ]

  /// Line ends, and what looks like them.
  static let lineEnds: [ConformanceCase] = [
    ConformanceCase("LF", "data: a\n\ndata: b\n\n", [.init("a"), .init("b")]),
    ConformanceCase("CR", "data: a\r\rdata: b\r\r", [.init("a"), .init("b")]),
    ConformanceCase("CR LF", "data: a\r\n\r\ndata: b\r\n\r\n", [.init("a"), .init("b")]),
    ConformanceCase("all three", "data: a\rdata: b\r\ndata: c\n\r\n", [.init("a\nb\nc")]),
    ConformanceCase("LF CR is two line ends", "data: a\n\rdata: b\n\r", [.init("a"), .init("b")]),
    ConformanceCase(
      "CR CR LF is two line ends", "data: a\r\r\ndata: b\n\n", [.init("a"), .init("b")]),
    ConformanceCase("a CR then a LF in one block", "data: a\r\ndata: b\r\r\n", [.init("a\nb")]),
    ConformanceCase(
      "a CR alone ends a comment", "data: one\n:ignored\rdata: two\n\n", [.init("one\ntwo")]),
    ConformanceCase(
      "CR LF after a bare name", "data: one\ndata\r\ndata: two\n\n", [.init("one\n\ntwo")]),
    ConformanceCase(
      "CR LF everywhere", "data: Hello\r\ndata: World\r\n\r\ndata: OK\r\n\r\n",
      [.init("Hello\nWorld"), .init("OK")]),
    ConformanceCase(
      "VT, FF, NEL, LS and PS end no line",
      "data: a\u{B}b\u{C}c\u{85}d\u{2028}e\u{2029}f\u{1C}g\u{1E}h\n\n",
      [.init("a\u{B}b\u{C}c\u{85}d\u{2028}e\u{2029}f\u{1C}g\u{1E}h")]),
    ConformanceCase("NEL and LS are no blank line", "data: a\n\u{85}\n\u{2028}\n\n", [.init("a")]),
    ConformanceCase(
      "control bytes beside line ends are text",
      "data: \t\u{B}\u{C}\u{E}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\t\t\t\t\t\t\r\n\r\n",
      [.init("\t\u{B}\u{C}\u{E}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\t\t\t\t\t\t")]),
    ConformanceCase(
      "bytes that are CR and LF but for their highest bit are text",
      [0x64, 0x61, 0x74, 0x61, 0x3A]
        + Array("\u{8D}\u{8A}\n\n".utf8), [.init("\u{8D}\u{8A}")]),
  ]

  /// Bytes that Swift would join to one character with the byte before them.
  static let graphemes: [ConformanceCase] = [
    ConformanceCase("a combining mark after the colon", "data:\u{301}x\n\n", [.init("\u{301}x")]),
    ConformanceCase("a combining mark after the space", "data: \u{301}x\n\n", [.init("\u{301}x")]),
    ConformanceCase("a joiner after the colon", "data:\u{200D}x\n\n", [.init("\u{200D}x")]),
    ConformanceCase(
      "a joiner after the space", "event: \u{200D}t\ndata: \u{200D}\n\n",
      [.init("\u{200D}", type: "\u{200D}t")]),
    ConformanceCase(
      "a variation selector after the colon", "id:\u{FE0F}\ndata:\u{FE0F}\n\n",
      [.init("\u{FE0F}", id: "\u{FE0F}")], lastID: "\u{FE0F}"),
    ConformanceCase(
      "a variation selector after the space", "data: \u{FE0F}\n\n", [.init("\u{FE0F}")]),
    ConformanceCase(
      "a combining mark after a comment's colon", ":\u{301}\ndata: x\n\n", [.init("x")]),
    ConformanceCase(
      "a combining mark after the line end begins a line", "data: x\n\u{301}data: y\n\n",
      [.init("x")]),
    ConformanceCase("a combining mark in a name", "data\u{301}: x\n\n", []),
    ConformanceCase("a full-width colon is no colon", "data\u{FF1A}x\n\n", []),
    ConformanceCase("an ideographic space is kept", "data:\u{3000}x\n\n", [.init("\u{3000}x")]),
    ConformanceCase(
      "composed and decomposed letters stay as they are", "event: \u{E9}\ndata: e\u{301}\u{E9}\n\n",
      [.init("e\u{301}\u{E9}", type: "\u{E9}")]),
    ConformanceCase(
      "an ID that is only canonically another is another",
      "id: \u{E9}\ndata: 1\n\nid: e\u{301}\ndata: 2\n\n",
      [.init("1", id: "\u{E9}"), .init("2", id: "e\u{301}")], lastID: "e\u{301}"),
    ConformanceCase("flags, families and skin tones", "data: 🇩🇪👩‍👩‍👧👍🏽\n\n", [.init("🇩🇪👩‍👩‍👧👍🏽")]),
  ]

  /// Bytes that are not UTF-8: each maximal subpart becomes one U+FFFD.
  static let invalidUTF8: [ConformanceCase] = [
    invalid("a lone continuation byte", [0x80], "\u{FFFD}"),
    invalid("bytes that never occur", [0xC0, 0xFE, 0xFF], "\u{FFFD}\u{FFFD}\u{FFFD}"),
    invalid("an overlong slash", [0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
    invalid("an overlong lead of four", [0xF0, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
    invalid("two thirds of a euro sign", [0xE2, 0x82], "\u{FFFD}"),
    invalid("two thirds, then a letter", [0xE2, 0x82, 0x41], "\u{FFFD}A"),
    invalid("a surrogate", [0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
    invalid(
      "beyond the last character", [0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
    invalid("three quarters of an emoji", [0xF0, 0x9F, 0x98], "\u{FFFD}"),
    invalid("three quarters, then a whole one", [0xF0, 0x9F, 0x98] + Array("😀".utf8), "\u{FFFD}😀"),
    invalid(
      "the standard's own example",
      [0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63, 0x80, 0xBF, 0x64],
      "a\u{FFFD}\u{FFFD}\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}d"),
    ConformanceCase(
      "a broken character does not swallow the line end",
      Array("data: ".utf8) + [0xE2, 0x82, 0x0A, 0x0A], [.init("\u{FFFD}")]),
    ConformanceCase(
      "a character cannot join across two data lines",
      Array("data:".utf8) + [0xE2, 0x82, 0x0A] + Array("data:".utf8) + [0xAC, 0x0A, 0x0A],
      [.init("\u{FFFD}\n\u{FFFD}")]),
    ConformanceCase(
      "types and IDs are replaced too",
      Array("event:".utf8) + [0xFF, 0x0D] + Array("id:".utf8) + [0xC3, 0x0D]
        + Array("data\r\r".utf8),
      [.init("", type: "\u{FFFD}", id: "\u{FFFD}")], lastID: "\u{FFFD}"),
    ConformanceCase(
      "two types that differ only in a broken byte differ from what they show",
      Array("event:".utf8) + [0xFF] + Array("\ndata:1\n\nevent:\u{FFFD}\ndata:2\n\n".utf8),
      [.init("1", type: "\u{FFFD}"), .init("2", type: "\u{FFFD}")]),
  ]

  private static func invalid(_ name: String, _ bytes: [UInt8], _ text: String) -> ConformanceCase {
    ConformanceCase(
      name, Array("data: ".utf8) + bytes + Array("\n\n".utf8), [.init(text)])
  }
}
