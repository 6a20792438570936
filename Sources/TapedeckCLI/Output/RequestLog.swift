import Deck

/// One line a request, for somebody who watches the deck on a terminal.
struct RequestLog: Sendable {
  /// How many columns a line has at the most.
  let width: Int

  /// Whether lines are coloured.
  let hasColours: Bool

  private enum Colour: String {
    case red = "31"
    case yellow = "33"
    case dim = "2"
  }

  /// The line of a request, without its end.
  func line(_ request: ServedRequest) -> String {
    let leftOut = request.leftOut > 0 ? "(\(request.leftOut) requests not shown) " : ""
    let head = leftOut + (request.method.map { "\($0) " } ?? "")
    let status = request.status.map { "\($0)" } ?? "-"
    var tail: [(text: String, colour: Colour?)] = [(status, isBad(request) ? .red : nil)]
    if let who = who(request) { tail.append((who, nil)) }
    tail += request.faults.map { ($0, .yellow) }
    tail.append(("\(TextForm.grouped(request.bytes)) B", .dim))
    if request.events > 0 { tail.append(("\(TextForm.grouped(request.events)) events", .dim)) }
    tail.append((request.ended, request.ended == "complete" ? .dim : .yellow))
    let fixed = head.count + tail.reduce(0) { $0 + $1.text.count + 1 }
    let path = shortened(request.path ?? "", to: max(12, width - 1 - fixed))
    let used = fixed + path.count + 2
    if let refusal = request.refusal, used + 8 < width {
      tail.append((shortened(refusal, to: width - 1 - used), .red))
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

  /// The line, cut where it is wider than the terminal.
  private func fitted(_ head: String, _ tail: [(text: String, colour: Colour?)]) -> String {
    var left = max(20, width - 1)
    var line = String(TextForm.excerpt(head, limit: left).prefix(left))
    left -= line.count
    for (text, colour) in tail where left > 1 {
      let cell = String(TextForm.excerpt(text, limit: left).prefix(left - 1))
      left -= cell.count + 1
      line += " " + painted(cell, colour)
    }
    return line
  }

  private func painted(_ text: String, _ colour: Colour?) -> String {
    guard hasColours, let colour else { return text }
    return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
  }

  /// A text without its middle where it is long.
  private func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit else { return text }
    let half = max(1, (limit - 1) / 2)
    return "\(text.prefix(half))…\(text.suffix(max(1, limit - 1 - half)))"
  }
}
