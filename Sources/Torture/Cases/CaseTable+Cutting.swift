extension CaseTable {
  /// Answers that stop before their end.
  static func cuts(_ pages: ProviderPages) -> [CaseKind] {
    let end = "\(CaseClause.bodyLength); \(pages.streaming)"
    let kinds = [
      CaseKind(
        "cut/disconnect", "disconnect@*", takes: .points(.wide, head: true, end: true),
        title: "The connection drops {at}", clause: CaseClause.incomplete),
      CaseKind(
        "cut/disconnect/mid-chunk", "disconnect@*,mid-chunk", takes: .points(.few),
        title: "The connection drops {at}, inside an HTTP chunk",
        clause: "\(CaseClause.incomplete); \(CaseClause.chunks)"),
      CaseKind(
        "cut/disconnect/eof", "framing:eof", "disconnect@*", takes: .points(.few),
        title: "The body ends with the connection, {at}", clause: end),
      CaseKind(
        "cut/reset", "reset@*", takes: .points(.wide, head: true, end: true),
        title: "The connection is reset {at}", clause: CaseClause.reset),
      CaseKind(
        "cut/end", "end@*", takes: .points(.wide),
        title: "The answer ends cleanly {at}", clause: end),
      CaseKind(
        "cut/framing/length-short", "framing:length-short",
        title: "The Content-Length is larger than the body",
        clause: "\(CaseClause.bodyLength); \(CaseClause.incomplete)"),
      CaseKind(
        "cut/bad-chunk", "bad-chunk@*", takes: .points(.few, end: true),
        title: "An invalid chunk-size line comes {at}",
        clause: "\(CaseClause.chunks); \(CaseClause.incomplete)"),
    ]
    return kinds.map { $0.excused(shortened) }
  }

  /// A client that wants to see all that its API documents may be stricter than it has to be.
  static let shortened = "the answer is whole without all that its API documents"

  /// Answers whose end is not as it should be.
  static func ends(_ pages: ProviderPages) -> [CaseKind] {
    let kinds = [
      CaseKind(
        "end/drop-terminal", "drop-terminal",
        title: "The answer ends cleanly without the event that ends the message",
        clause: pages.streaming, need: .eventStream),
      CaseKind(
        "end/no-final-blank", "no-final-blank",
        title: "The answer ends cleanly without the blank line behind the last event",
        clause: "\(CaseClause.interpretation); \(pages.streaming)", need: .eventStream),
      CaseKind(
        "end/linger", "linger", title: "All of the answer comes, and its end never does",
        clause: "\(CaseClause.bodyLength); \(CaseClause.timeouts)"),
    ]
    return kinds.map { $0.excused(shortened) }
  }

  /// Streams whose content is wrong.
  static func errors(_ pages: ProviderPages, _ names: ErrorNames) -> [CaseKind] {
    let kinds = [
      CaseKind(
        "error/error", "error:\(names.overloaded)@*", takes: .events(.wide),
        title: "An error event ends the stream {at}",
        clause: pages.streamErrors),
      CaseKind(
        "error/error/rate-limit", "error:\(names.limited)@*", takes: .events(.sample),
        title: "An error event that tells of a rate limit ends the stream {at}",
        clause: pages.streamErrors),
      CaseKind(
        "error/bad-json", "bad-json@*", takes: .events(.wide),
        title: "{event} is not valid JSON", clause: CaseClause.json),
      CaseKind(
        "error/cut-json", "cut-json@*", takes: .events(.wide),
        title: "{event} has only the first half of its data", clause: CaseClause.json),
      CaseKind(
        "error/bad-utf8", "bad-utf8@*", takes: .events(.wide),
        title: "{event} has a byte that is not UTF-8", clause: CaseClause.utf8),
      CaseKind(
        "error/empty-data", "empty-data@*", takes: .events(.wide),
        title: "{event} has empty data", clause: CaseClause.interpretation),
      CaseKind(
        "error/drop", "drop@*", takes: .events(.wide), title: "{event} is left out",
        clause: pages.streaming),
      CaseKind(
        "error/duplicate", "duplicate@*", takes: .events(.wide), title: "{event} comes twice",
        clause: pages.streaming),
      CaseKind(
        "error/swap", "swap@*", takes: .events(.wide),
        title: "{event} and the next one change places", clause: pages.streaming),
    ]
    return kinds.map {
      $0.excused("nothing of the message is spoiled, and what is there is not as its API documents")
    }
  }
}
