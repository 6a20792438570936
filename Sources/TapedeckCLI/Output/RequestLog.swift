import Deck

/// One line a request, for somebody who watches the deck on a terminal.
struct RequestLog: Sendable {
  /// Where the lines go.
  let terminal: Terminal

  private typealias Cell = (text: String, style: Terminal.Style?)

  /// How many columns a line has at the most: in the last one some terminals begin a new line.
  private var width: Int { max(Self.leastColumns, (terminal.columns ?? Terminal.usualColumns) - 1) }

  private static let leastColumns = 19
  private static let leastPathColumns = 12

  /// The line of a request, without its end.
  func line(_ request: ServedRequest) -> String {
    let leftOut =
      request.leftOut > 0 ? "(\(TextForm.count(request.leftOut, "request")) not shown) " : ""
    let head = leftOut + (request.method.map { "\($0) " } ?? "")
    let status = request.status.map { "\($0)" } ?? "-"
    var tail: [Cell] = [(status, isBad(request) ? .red : nil)]
    if let who = who(request) { tail.append((who, nil)) }
    tail += request.faults.map { ($0, .yellow) }
    tail.append(("\(TextForm.grouped(request.bytes)) B", .faint))
    if request.events > 0 { tail.append((TextForm.count(request.events, "event"), .faint)) }
    tail.append((request.ended, request.ended == "complete" ? .faint : .yellow))
    let fixed = TextWidth.of(head) + tail.reduce(0) { $0 + TextWidth.of($1.text) + 1 }
    let room = max(Self.leastPathColumns, width - fixed)
    let path = TextWidth.cutInside(shown(request.path ?? ""), to: room)
    let used = fixed + TextWidth.of(path) + 1
    if let refusal = request.refusal, used + 8 < width {
      tail.append((TextWidth.cutInside(shown(refusal), to: width - used), .red))
    }
    return fitted(head + path, tail)
  }

  /// The session and the attempt: `t1#2`.
  private func who(_ request: ServedRequest) -> String? {
    guard let attempt = request.attempt else { return request.session }
    return "\(request.session ?? "")#\(attempt)"
  }

  private func isBad(_ request: ServedRequest) -> Bool {
    request.refusal != nil || request.status.map { $0 >= 400 } ?? true
  }

  /// Text that cannot drive the terminal.
  private func shown(_ text: String) -> String { TextForm.excerpt(text, limit: text.count) }

  /// The line, cut where it is wider than the terminal.
  private func fitted(_ head: String, _ tail: [Cell]) -> String {
    var line = TextWidth.cut(TextForm.excerpt(head, limit: width), to: width)
    var left = width - TextWidth.of(line)
    for (text, style) in tail where left > 1 {
      let cell = TextWidth.cut(TextForm.excerpt(text, limit: left), to: left - 1)
      left -= TextWidth.of(cell) + 1
      line += " " + terminal.styled(cell, style)
    }
    return line
  }
}
