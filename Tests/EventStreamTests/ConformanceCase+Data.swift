extension ConformanceCase {
  /// What a stream of blocks is.
  static let basics: [ConformanceCase] = [
    ConformanceCase(
      "one event",
      "data: Hello\n\n",
      [.init("Hello")]),
    ConformanceCase(
      "two events",
      "data: Hello\n\ndata: World\n\n",
      [
        .init("Hello"),
        .init("World"),
      ]),
    ConformanceCase(
      "multi-line data joined by LF",
      "data: Hello\ndata:World\n\n",
      [.init("Hello\nWorld")]),
    ConformanceCase(
      "event type",
      "event: greeting\ndata: Hello\n\n",
      [.init("Hello", type: "greeting")]),
    ConformanceCase(
      "event type after data (field order free)",
      "data: Hello\nid: abc\nevent: greeting\n\n",
      [.init("Hello", type: "greeting", id: "abc")], lastID: "abc"),
    ConformanceCase(
      "last event: field wins",
      "event: a\nevent: b\ndata: x\n\n",
      [.init("x", type: "b")]),
    ConformanceCase(
      "type is reset after dispatch",
      "event: a\ndata: 1\n\ndata: 2\n\n",
      [
        .init("1", type: "a"),
        .init("2"),
      ]),
    ConformanceCase(
      "type is reset by a blank line even with no data",
      "event: a\n\ndata: 2\n\n",
      [.init("2")]),
    ConformanceCase(
      "extra blank lines dispatch nothing",
      "\n\n\ndata: 1\n\n\n\ndata: 2\n\n\n",
      [
        .init("1"),
        .init("2"),
      ]),
    ConformanceCase(
      "data before the final empty line at EOF is discarded",
      "retry:1000\ndata:test1\n\nid:test\ndata:test2",
      [.init("test1")], retry: 1000),
    ConformanceCase(
      "EOF after one LF only: event discarded",
      "data: 1\n\ndata: 2\n",
      [.init("1")]),
    ConformanceCase(
      "empty stream",
      "",
      []),
    ConformanceCase(
      "only blank lines",
      "\n\r\n\r\r",
      []),
  ]

  /// The `data` field.
  static let data: [ConformanceCase] = [
    ConformanceCase(
      "'data:' gives an event with empty data",
      "data:\n\n",
      [.init("")]),
    ConformanceCase(
      "'data' without colon = empty value; two give one LF",
      "data\n\ndata\ndata\n\ndata:test\n\n",
      [
        .init(""),
        .init("\n"),
        .init("test"),
      ]),
    ConformanceCase(
      "only one leading space is removed",
      "data:  two spaces\n\n",
      [.init(" two spaces")]),
    ConformanceCase(
      "tab is not removed; lone space gives empty line",
      "data:\ttest\rdata: \ndata:test\n\n",
      [.init("\ttest\n\ntest")]),
    ConformanceCase(
      "trailing spaces kept",
      "data: x  \n\n",
      [.init("x  ")]),
    ConformanceCase(
      "colons inside the value kept",
      "data: a:b: c\n\n",
      [.init("a:b: c")]),
    ConformanceCase(
      "empty first/middle/last line",
      "data:\ndata: a\ndata:\ndata: b\ndata:\n\n",
      [.init("\na\n\nb\n")]),
    ConformanceCase(
      "exactly one trailing LF is stripped",
      "data: x\ndata:\ndata:\n\n",
      [.init("x\n\n")]),
    ConformanceCase(
      "NUL byte in data kept",
      "data:\u{0}\n\n",
      [.init("\u{0}")]),
  ]

  /// How a line becomes a field.
  static let fieldNames: [ConformanceCase] = [
    ConformanceCase(
      "unknown fields and text lines ignored",
      "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
      [.init("test\n\ntest")]),
    ConformanceCase(
      "field-name strictness",
      "data:\u{0}\ndata:  2\rData:1\ndata\u{0}:2\ndata:1\r\u{0}data:4\nda-ta:3\rdata_5\n"
        + "data:3\rdata:\r\n data:32\ndata:4\n\n",
      [.init("\u{0}\n 2\n1\n3\n\n4")]),
    ConformanceCase(
      "names are case-sensitive",
      "Data: x\nEVENT: y\nID: z\n\n",
      []),
    ConformanceCase(
      "space before colon makes an unknown name",
      "data : x\n\n",
      []),
    ConformanceCase(
      "leading space makes an unknown name",
      " data: x\n\n",
      []),
    ConformanceCase(
      "'datax' prefix is not data",
      "datax: 1\ndata: 2\n\n",
      [.init("2")]),
    ConformanceCase(
      "no space after colon anywhere",
      "event:e\nid:1\ndata:x\n\n",
      [.init("x", type: "e", id: "1")], lastID: "1"),
    ConformanceCase(
      "JSON body instead of SSE: no events",
      "{\"error\":\"Internal Server Error\"}\n\n",
      []),
  ]
}
