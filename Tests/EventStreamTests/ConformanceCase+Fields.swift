extension ConformanceCase {
  /// The `event` field.
  static let types: [ConformanceCase] = [
    ConformanceCase(
      "empty event value = message",
      "event: \ndata:data\n\n",
      [.init("data")]),
    ConformanceCase(
      "'event' without colon resets type to default",
      "event: a\nevent\ndata: x\n\n",
      [.init("x")]),
    ConformanceCase(
      "event name with spaces/colon kept",
      "event:  a b:c\ndata: x\n\n",
      [.init("x", type: " a b:c")]),
    ConformanceCase(
      "event without data dispatches nothing",
      "event: ping\n\ndata: x\n\n",
      [.init("x")]),
    ConformanceCase(
      "non-ASCII event name",
      "event: größe\ndata: x\n\n",
      [.init("x", type: "größe")]),
  ]

  private static let long = String(repeating: "x", count: 2048)

  /// Comment lines.
  static let comments: [ConformanceCase] = [
    ConformanceCase(
      "comment lines vanish, whatever is in them and however long",
      "data:1\r:\u{0}\n:\r\ndata:2\n:\(long)\rdata:3\n:data:fail\r:\(long)\ndata:4\n\n",
      [.init("1\n2\n3\n4")]),
    ConformanceCase(
      "comment + blank line dispatches nothing",
      ": ping\n\ndata: x\n\n",
      [.init("x")]),
    ConformanceCase(
      "comment does not end an event",
      "data: a\n: c\ndata: b\n\n",
      [.init("a\nb")]),
    ConformanceCase(
      "bare colon",
      ":\n\ndata: x\n\n",
      [.init("x")]),
    ConformanceCase(
      "space before colon is not a comment but an unknown field",
      " : x\ndata: y\n\n",
      [.init("y")]),
  ]

  /// The `id` field.
  static let ids: [ConformanceCase] = [
    ConformanceCase(
      "id set, then sticky",
      "id: abc\ndata: first\n\ndata: second\n\n",
      [
        .init("first", id: "abc"),
        .init("second", id: "abc"),
      ], lastID: "abc"),
    ConformanceCase(
      "empty id clears",
      "id: abc\ndata: first\n\nid:\ndata: second\n\n",
      [
        .init("first", id: "abc"),
        .init("second"),
      ]),
    ConformanceCase(
      "'id' without colon clears",
      "id: abc\ndata: first\n\nid\ndata: second\n\n",
      [
        .init("first", id: "abc"),
        .init("second"),
      ]),
    ConformanceCase(
      "id containing NUL is ignored (keeps the old one)",
      "id: 123\nid: bad\u{0}id\ndata: hello\n\n",
      [.init("hello", id: "123")], lastID: "123"),
    ConformanceCase(
      "id in a block without data still becomes the last id",
      "id: 42\n\ndata: x\n\n",
      [.init("x", id: "42")], lastID: "42"),
    ConformanceCase(
      "id of a discarded tail is NOT committed",
      "id: 1\ndata: a\n\nid: 2\ndata: b\n",
      [.init("a", id: "1")], lastID: "1"),
    ConformanceCase(
      "last id: field in a block wins",
      "id: 1\nid: 2\ndata: x\n\n",
      [.init("x", id: "2")], lastID: "2"),
    ConformanceCase(
      "leading space beyond the first kept",
      "id:  7\ndata: x\n\n",
      [.init("x", id: " 7")], lastID: " 7"),
    ConformanceCase(
      "non-ASCII id",
      "id: …\ndata: x\n\n",
      [.init("x", id: "…")], lastID: "…"),
  ]

  /// The `retry` field.
  static let retries: [ConformanceCase] = [
    ConformanceCase(
      "digits set it at once, no blank line needed",
      "retry: 3000\n",
      [], retry: 3000),
    ConformanceCase(
      "non-digits ignored, earlier value stays",
      "retry:2000\nretry:1000x\ndata:x\n\n",
      [.init("x")], retry: 2000),
    ConformanceCase(
      "empty value ignored",
      "retry\nretry:\ndata:test\n\n",
      [.init("test")]),
    ConformanceCase(
      "sign / decimal / space / hex ignored",
      "retry: -1\nretry: +1\nretry: 1.5\nretry:  7\nretry: 0x10\ndata: x\n\n",
      [.init("x")]),
    ConformanceCase(
      "non-ASCII digits ignored",
      "retry: ١٢٣\ndata: x\n\n",
      [.init("x")]),
    ConformanceCase(
      "leading zeros are base ten",
      "retry: 0010\ndata: x\n\n",
      [.init("x")], retry: 10),
    ConformanceCase(
      "zero allowed",
      "retry: 0\ndata: x\n\n",
      [.init("x")], retry: 0),
    ConformanceCase(
      "value beyond Int64: must not trap (clamp or ignore)",
      "retry: 99999999999999999999\ndata: x\n\n",
      [.init("x")], retry: .max),
    ConformanceCase(
      "retry-only block dispatches nothing",
      "retry: 5\n\ndata: x\n\n",
      [.init("x")], retry: 5),
  ]
}
