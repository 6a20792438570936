internal import Cassettes

extension CaseTable {
  /// Answers that come late, or not at all.
  static func times(_ timing: CaseTiming) -> [CaseKind] {
    let clause = CaseClause.timeouts
    let short = "\(timing.short.count)us"
    var kinds = [
      CaseKind(
        "time/stall", "stall:\(short)@*", takes: .points(.few, head: true),
        title: "The stream falls silent {at} for a while, and then goes on", clause: clause),
      CaseKind(
        "time/stall/burst", "stall:\(short)@*,burst", takes: .points(.sample),
        title: "The stream falls silent {at} for a while, and then all comes at once",
        clause: clause),
      CaseKind(
        "time/hold", "hold:\(short)", title: "A proxy holds the body back for a while",
        clause: CaseClause.chunks),
      CaseKind(
        "time/hold/size", "hold:4KiB", title: "A proxy holds the body back until it has 4 KiB",
        clause: CaseClause.chunks),
      CaseKind(
        "time/hang", "hang@*", takes: .points(.few, head: true),
        title: "The stream falls silent {at} for ever, and the connection stays open",
        clause: clause),
      CaseKind(
        "time/hang/close", "hang:\(short)@*", takes: .points(.sample, head: true),
        title: "The stream falls silent {at}, and after a while the connection closes",
        clause: "\(clause); \(CaseClause.incomplete)"),
    ]
    if timing.canTrickle {
      kinds.append(
        CaseKind(
          "time/trickle", "trickle:{rate}B%2Fs",
          title: "The body comes slowly, in small pieces", clause: clause))
    }
    if let long = timing.long {
      kinds.append(
        CaseKind(
          "time/stall/long", "stall:\(long.count)us@*", takes: .points(.sample, head: true),
          title: "The stream falls silent {at} for longer than the client waits", clause: clause,
          excuse: longStall))
    }
    return kinds
  }

  private static let longStall = "nothing comes for longer than the read timeout"

  /// Answers that fail once, and then do not, or fail always, and can be asked for again.
  static func retries(_ pages: ProviderPages, _ timing: CaseTiming) -> [CaseKind] {
    var kinds = [429, 500, 502, 503, 504, 529].flatMap { statuses($0, pages, timing) }
    kinds += [
      CaseKind(
        "retry/disconnect/once", "disconnect@*,on=1", takes: .points(.sample, head: true),
        title: "The connection drops {at}, once", clause: CaseClause.incomplete),
      CaseKind(
        "retry/reset/once", "reset@*,on=1", takes: .points(.sample, head: true),
        title: "The connection is reset {at}, once", clause: CaseClause.reset),
      CaseKind(
        "retry/end/once", "end@*,on=1", takes: .points(.sample),
        title: "The answer ends cleanly {at}, once",
        clause: "\(CaseClause.bodyLength); \(pages.streaming)", excuse: shortened),
      CaseKind(
        "retry/error/once", "error@*,on=1", takes: .events(.sample),
        title: "An error event ends the stream {at}, once",
        clause: pages.streamErrors),
      CaseKind(
        "retry/body/once", "body:html,on=1",
        title: "A page of HTML comes with status 200, once", clause: CaseClause.contentType),
      CaseKind(
        "retry/hang/once", "hang@*,on=1", takes: .points(.sample, head: true),
        title: "The stream falls silent {at} for ever, once", clause: CaseClause.timeouts),
    ]
    if let long = timing.long {
      kinds.append(
        CaseKind(
          "retry/stall/once", "stall:\(long.count)us@head,on=1",
          title: "The answer begins later than the client waits, once",
          clause: CaseClause.timeouts, excuse: longStall))
    }
    return kinds
  }

  /// A status that another try may change.
  private static func statuses(
    _ status: Int, _ pages: ProviderPages, _ timing: CaseTiming
  ) -> [CaseKind] {
    let id = "retry/status-\(status)"
    let rule = status == 429 ? CaseClause.tooManyRequests : CaseClause.serverError
    let clause = "\(rule); \(pages.errors)"
    var kinds = [
      CaseKind(
        "\(id)/once", "status:\(status),on=1",
        title: "The first attempt gets status \(status), the next one the answer",
        clause: clause),
      CaseKind(
        "\(id)/always", "status:\(status)", title: "Every attempt gets status \(status)",
        clause: clause),
    ]
    guard [429, 503, 529].contains(status) else { return kinds }
    kinds += [
      CaseKind(
        "\(id)/retry-after", "status:\(status),retry-after=\(timing.retryAfter.count)us,on=1",
        title: "The first attempt gets status \(status) and is told to wait",
        clause: "\(CaseClause.retryAfter); \(rule)"),
      CaseKind(
        "\(id)/should-not-retry", "status:\(status)", "header:x-should-retry=false",
        title: "Status \(status) comes with x-should-retry: false", clause: pages.errors),
    ]
    return kinds
  }

  /// Answers that are no answer, and that no other try changes.
  static func answers(_ pages: ProviderPages) -> [CaseKind] {
    let fatal = [400, 401, 403, 404, 413, 422].map { status in
      CaseKind(
        "answer/status-\(status)", "status:\(status)",
        title: "Every attempt gets status \(status), which no other try changes",
        clause: "\(CaseClause.fatalStatus); \(pages.errors)")
    }
    return fatal + [
      CaseKind(
        "answer/body/html", "body:html", title: "A page of HTML comes with status 200",
        clause: CaseClause.contentType),
      CaseKind(
        "answer/body/json", "body:json",
        title: "A JSON object that is no answer comes with status 200",
        clause: CaseClause.contentType),
      CaseKind(
        "answer/header/no-content-type", "header:-content-type",
        title: "The answer has no content type", clause: CaseClause.contentType,
        need: .eventStream),
      CaseKind(
        "answer/header/json", "header:content-type=application%2Fjson",
        title: "The answer says that it is JSON, and is an event stream",
        clause: CaseClause.contentType, need: .eventStream),
    ]
  }
}
