internal import Cassettes
internal import HTTP

/// The requests and answers of one connection, read from its bytes as they came.
final class HTTPConversation {
  /// One exchange in the making.
  final class Turn {
    /// What is known of it.
    var capture: Capture
    /// The answer.
    var response: TimedResponse
    /// When the request had been sent, in microseconds.
    var sentAt: Int64
    /// Whether nothing more can come of it.
    var isOver = false
    /// Whether the times of its pieces are known.
    var isTimed = true

    init(_ capture: Capture, sentAt: Int64) {
      self.capture = capture
      self.sentAt = sentAt
      response = TimedResponse(answering: capture.request.method ?? "POST")
    }
  }

  /// Why no more is read of the connection, as a clause, or nil.
  private(set) var refusal: String?

  private var requests = RequestParser(headBytes: 1 << 20)
  private var open: [Turn] = []
  private var sending: Turn?
  private var startedAt: Int64?
  private let begin: (Turn) -> Void

  /// Creates a conversation that has not begun.
  ///
  /// - Parameter begin: Receives each exchange once its request's head is there.
  init(_ begin: @escaping (Turn) -> Void) { self.begin = begin }

  /// Whether bytes can be the beginning of an answer.
  static func isAnswer(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "HTTP/".utf8) }

  /// Whether bytes can be the beginning of a request.
  static func isRequest(_ bytes: [UInt8]) -> Bool {
    let method = bytes.prefix { $0 != UInt8(ascii: " ") }
    return (1...20).contains(method.count) && method.count < bytes.count
      && method.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  /// Takes bytes that a client sent.
  func takeRequest(_ bytes: [UInt8], at time: Int64, line: Int) {
    guard refusal == nil else { return }
    if !requests.isInside { startedAt = time }
    requests.feed(bytes)
    do throws(RequestSyntaxError) {
      while let part = try requests.next() { take(part, at: time, line: line) }
    } catch {
      refuse(Self.words(of: error))
    }
  }

  private static func words(of error: RequestSyntaxError) -> String {
    switch error {
    case .foreign(.tls): "are encrypted: let tshark decrypt them, or export a HAR in place of it"
    case .foreign(.http2): "speak HTTP/2, which is not read from packets"
    case .headTooLarge: "have a request with a head of more than 1 MiB"
    case .unknownCoding: "have a request with an unknown transfer coding"
    case .invalid(let why): "have what is no request: \(why)"
    }
  }

  private func take(_ part: RequestPart, at time: Int64, line: Int) {
    switch part {
    case .head(let head):
      if head.method == "CONNECT" { return refuse("are tunnels") }
      var capture = Capture(
        .init(method: head.method, url: Self.url(of: head), headers: head.fields), line: line)
      capture.at = startedAt ?? time
      let turn = Turn(capture, sentAt: time)
      sending = turn
      open.append(turn)
      begin(turn)
    case .body(let bytes):
      sending?.capture.request.body += bytes
      sending?.sentAt = time
    case .end:
      sending?.sentAt = time
      sending = nil
      startedAt = time
    }
  }

  private static func url(of head: RequestHead) -> String {
    guard head.target.hasPrefix("/"), let host = head.fields.value(of: "host"), !host.isEmpty else {
      return head.target
    }
    return "http://\(host)\(head.target)"
  }

  /// Takes bytes that a server sent.
  ///
  /// - Throws: An `ImportError` where a body is too large.
  func takeAnswer(_ bytes: [UInt8], at time: Int64, line: Int, isTimed: Bool) throws {
    var rest = bytes
    while !rest.isEmpty, refusal == nil {
      if open.isEmpty {
        // The capture began behind the request.
        guard Self.isAnswer(rest) else { return refuse("began before the capture did") }
        let turn = Turn(Capture(line: line), sentAt: time)
        turn.capture.losses.append("its request is not in the file")
        open.append(turn)
        begin(turn)
      }
      let turn = open[0]
      if !isTimed { turn.isTimed = false }
      let taken = try turn.response.take(rest, at: time)
      guard turn.response.isOver else { return }
      if let flaw = turn.response.flaw {
        if flaw.contains("another protocol") {
          turn.capture.losses.append("the connection goes on with another protocol")
        }
        turn.capture.ending = turn.response.status == nil ? .unreachable : .malformed
        turn.capture.endingDetail = flaw
        close(turn, at: time)
        return refuse("have what is no answer: \(flaw)")
      }
      close(turn, at: time)
      rest.removeFirst(min(taken, rest.count))
    }
  }

  /// Ends what is under way.
  ///
  /// - Parameters:
  ///   - how: How the connection ended.
  ///   - detail: What ended it, in words.
  ///   - time: When, or nil where nobody knows.
  func end(_ how: Ending.How, _ detail: String, at time: Int64?) {
    for turn in open {
      if let missing = turn.response.missing {
        let isAnswered = turn.response.status != nil
        turn.capture.ending = isAnswered ? how : .unreachable
        turn.capture.endingDetail = turn.response.hasBegun ? "\(detail): \(missing)" : detail
      } else if how == .reset {
        turn.capture.ending = .reset
        turn.capture.endingDetail = detail
      }
      close(turn, at: time)
    }
  }

  private func refuse(_ why: String) {
    refusal = why
    requests.stop()
    end(.truncated, "nothing more is read of the connection", at: nil)
  }

  private func close(_ turn: Turn, at time: Int64?) {
    open.removeAll { $0 === turn }
    if sending === turn { sending = nil }
    turn.response.fill(&turn.capture, sentAt: turn.sentAt, endAt: time)
    if !turn.isTimed, case .arrivals(_, _, let end) = turn.capture.times {
      turn.capture.times = .span(head: .zero, end: end)
      turn.capture.losses.append(
        "only its end has a time: leave out tshark's -Y, so that each segment has one")
    }
    turn.isOver = true
  }
}
