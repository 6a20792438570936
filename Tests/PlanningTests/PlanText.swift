import Cassettes
import HTTP
import Planning

/// Exchanges and plans as lines that a reader can check by eye.
///
/// A recording is written `head@400 [data: a\n\n]@500 [b]@520 complete@530`, times in microseconds;
/// a plan reads `400 head, 500 "data: a\n\n", 530 complete`.
enum PlanText {
  /// The exchange that a line stands for, chunked and an event stream unless told otherwise.
  static func exchange(
    _ line: String, framing: ResponseHead.Framing = .chunked, status: Int = 200,
    type: String = "text/event-stream", headers: [HeaderField] = [], id: String = "9f2c41d07ab35e66"
  ) -> Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: id, at: "2026-11-22T11:00:00.000000Z", method: "POST",
        url: "https://api.example.com/v1/messages"),
      ending: Ending(how: .complete))
    for word in line.split(separator: "|").map({ $0.trimmingPrefix { $0 == " " } }) {
      let sign = word.lastIndex(of: "@") ?? word.endIndex
      let time = Microseconds(saturating: Int64(word[sign...].dropFirst().filter(\.isNumber)) ?? 0)
      let text = word[..<sign]
      if text == "head" {
        exchange.head = ResponseHead(
          status: status, framing: framing,
          headers: [HeaderField("content-type", type)] + headers, at: time)
      } else if text.hasPrefix("[") {
        let bytes = text.dropFirst().dropLast().replacing("\\n", with: "\n")
          .replacing("\\r", with: "\r")
        exchange.append(chunk: Array(bytes.utf8), at: time)
      } else if let how = Ending.How(rawValue: String(text)) {
        exchange.ending = Ending(how: how, at: time)
      }
    }
    return exchange
  }

  /// A plan's actions with their body bytes, and its ending.
  static func line(_ plan: Plan) -> String {
    var parts = plan.actions.map { action in
      switch action.kind {
      case .head: "\(action.at.count) head"
      case .send: "\(action.at.count) \"\(escaped(plan.wire[action.body]))\""
      case .finish: "\(action.at.count) \(plan.ending.rawValue)"
      }
    }
    if plan.ending == .hang { parts.append("hang") }
    return parts.joined(separator: ", ")
  }

  /// Bytes as text with line ends visible, scalar by scalar: CR LF is one Character.
  static func escaped(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\r": text += "\\r"
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The wire bytes from the end of the head on.
  static func framed(_ plan: Plan) -> String {
    escaped(plan.wire[(plan.actions.first { $0.kind == .head }?.wireEnd ?? 0)...])
  }

  /// The head's lines.
  static func head(_ plan: Plan) -> [String] {
    let end = plan.actions.first { $0.kind == .head }?.wireEnd ?? 0
    return String(decoding: plan.wire[..<end], as: UTF8.self).split(separator: "\r\n")
      .map(String.init)
  }
}
