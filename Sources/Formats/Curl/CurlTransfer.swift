internal import Cassettes
internal import HTTP

/// One request and its answer as curl shows them, in the making.
struct CurlTransfer {
  /// The line on which it begins.
  let line: Int
  /// Whether TLS is spoken on its connection.
  var isTLS = false
  /// The head of the request, as far as it is there.
  private var requestHead: [UInt8] = []
  /// What was sent behind the head.
  var requestBody: [UInt8] = []
  /// When its first byte was sent.
  var beganAt: Int64?
  /// When the last byte of the request was sent.
  var sentAt: Int64?
  /// The head of the answer, as long as it is not whole.
  private var heldHead: [UInt8] = []
  /// The head of the answer, its first line, and when the last line of it came.
  private(set) var head: (head: MessageHead, status: StatusLine, at: Int64?)?
  /// The body of the answer.
  var body: ReceivedBody?
  /// Lines that came behind the body.
  private(set) var trailers = HeaderSection()
  /// How it failed.
  var failure: CurlFailure?
  /// When it was over.
  var endedAt: Int64?
  /// What of it the file does not have.
  var losses: [String] = []

  private let isTaken: Bool

  /// Creates a transfer.
  ///
  /// - Parameters:
  ///   - line: The line on which it begins.
  ///   - isTaken: Whether the body is what curl wrote, and not what it received.
  init(line: Int, isTaken: Bool) {
    self.line = line
    self.isTaken = isTaken
  }

  /// The request's head, once it is whole.
  private(set) var request: MessageHead?

  /// Whether the answer is there as its framing says that it must be.
  var isWhole: Bool { body?.isWhole ?? false }

  /// Takes lines of the request's head.
  mutating func takeRequest(_ bytes: [UInt8], at time: Int64?) {
    requestHead += bytes
    if Self.hasEnd(requestHead) { request = MessageHead(in: requestHead[...]) }
    beganAt = beganAt ?? time
    sentAt = time
  }

  /// Whether bytes end with a blank line.
  private static func hasEnd(_ head: [UInt8]) -> Bool {
    let tail = Array(head.suffix(3))
    return tail.suffix(2) == [0x0A, 0x0A] || tail == [0x0A, 0x0D, 0x0A]
  }

  /// Takes a line, or several, of the answer's head or of what stands behind its body.
  mutating func takeHeader(_ bytes: ArraySlice<UInt8>, at time: Int64?) {
    guard head == nil else {
      for line in bytes.split(separator: 0x0A) where !line.allSatisfy({ $0 == 0x0D }) {
        _ = trailers.add(line)
      }
      return
    }
    heldHead += bytes
    guard Self.hasEnd(heldHead), let whole = MessageHead(in: heldHead[...]) else { return }
    heldHead = []
    guard let status = whole.statusLine else { return }
    if (100..<200).contains(status.status), status.status != 101 { return }
    head = (whole, status, time)
    body = ReceivedBody(of: whole, status, to: request?.requestLine?.method, isTaken: isTaken)
    if isWhole { endedAt = time }
  }

  /// Takes a piece of the answer's body.
  mutating func takeBody(_ bytes: ArraySlice<UInt8>, at time: Int64?) {
    guard body != nil, !isWhole else { return }
    body?.take(bytes, at: time)
    endedAt = time ?? endedAt
  }

  /// What was found, or nil where it is nothing that a client sees.
  ///
  /// - Parameters:
  ///   - isClosed: Whether curl said that it was done.
  ///   - manner: How the file shows what curl does.
  /// - Returns: The capture.
  /// - Throws: An `ImportError` where the file stops in the head of the request, or where the body
  ///   cannot be rebuilt.
  mutating func capture(
    isClosed: Bool, _ manner: CurlConversation.Manner
  ) throws -> Capture? {
    let asked = request
    if asked == nil, !requestHead.isEmpty {
      throw ImportError(
        "expected the blank line that ends the head of a request, found the file's end", line: line)
    }
    let start = asked?.requestLine
    if start?.method == "CONNECT" { return nil }
    if manner.isPrintable { try mend(asked) }
    var capture = Capture(line: line)
    capture.request.method = start?.method
    capture.request.headers = asked?.fields ?? []
    capture.request.url = start.map { url(of: $0.target, asked) }
    capture.request.body = requestBody
    if let asked, let plain = ChunkedBody.unframed(requestBody[...], by: asked.fields) {
      capture.request.body = plain
    }
    settleAnswer(&capture, isClosed: isClosed)
    settleTimes(&capture, showsPieces: !manner.isBodyLate)
    capture.losses += losses
    return capture
  }

  private func url(of target: String, _ asked: MessageHead?) -> String {
    guard target.hasPrefix("/"), let host = asked?.fields.value(of: "host"), !host.isEmpty else {
      return target
    }
    return "\(isTLS ? "https" : "http")://\(host)\(target)"
  }

  private func settleAnswer(_ capture: inout Capture, isClosed: Bool) {
    if let head, let body {
      capture.status = head.status.status
      capture.http = head.status.version
      capture.headers = head.head.fields
      body.settle(&capture, isClosed: isClosed || failure != nil)
      if !trailers.fields.isEmpty { capture.trailers = trailers.fields }
      if !body.isWhole { settleEnding(&capture, head.status) }
    } else {
      capture.ending = .unreachable
      capture.endingStage = .request
      capture.endingDetail = "the capture has no whole head of an answer"
      if let failure {
        capture.ending = failure.how == .cancelled ? .cancelled : failure.how
        capture.endingStage = failure.stage ?? .request
        capture.endingDetail = failure.detail
        capture.curlCode = failure.code
      }
    }
  }

  /// What curl says of a body that is not whole, or not known to be.
  private func settleEnding(_ capture: inout Capture, _ status: StatusLine) {
    if let failure {
      capture.ending = failure.how == .unreachable ? .truncated : failure.how
      capture.endingDetail = failure.detail
      capture.curlCode = failure.code
    } else if (300..<400).contains(status.status), capture.ending == .truncated,
      capture.body.isEmpty, capture.headers.value(of: "location") != nil
    {
      // curl does not wait for the body of a redirect that it follows.
      capture.ending = .complete
      capture.endingDetail = nil
      capture.framing = .length(0)
      capture.losses.append("the body of the redirect was not read")
    }
  }

  private func settleTimes(_ capture: inout Capture, showsPieces: Bool) {
    guard let body, let head else { return }
    guard let zero = sentAt ?? beganAt ?? head.at, let headAt = head.at else {
      let ends = body.pieces.map(\.end)
      capture.times = ends.isEmpty || !showsPieces ? .unknown : .cuts(ends)
      return
    }
    func time(_ moment: Int64) -> Microseconds { Microseconds(saturating: moment - zero) }
    let end = time(max(endedAt ?? headAt, headAt))
    if body.pieces.allSatisfy({ $0.at != nil }) {
      let chunks = body.pieces.map { Chunk(end: $0.end, at: time($0.at ?? headAt)) }
      capture.times = .arrivals(chunks, head: time(headAt), end: end)
    } else {
      capture.times = .span(head: time(headAt), end: end)
    }
    let date = head.head.fields.value(of: "date").flatMap(Timestamp.microseconds(httpDate:))
    if let date {
      capture.at = CurlClock.sinceEpoch(beganAt ?? zero, head: headAt, date: date)
    }
  }

  /// Rebuilds line ends that stand as dots.
  private mutating func mend(_ asked: MessageHead?) throws {
    let sentKind = PrintableText.Kind(asked?.fields ?? [])
    var lost = PrintableText.mend(&requestBody, sentKind)
    if let head, body?.bytes.isEmpty == false {
      if let coding = head.head.fields.contentCoding {
        throw ImportError(
          "the body is in the content coding \(coding), which --trace-ascii does not keep: ask for "
            + "a capture with --trace, or with --compressed", line: line)
      }
      var hasLost = false
      body?.mend { hasLost = PrintableText.mend(&$0, PrintableText.Kind(head.head.fields)) }
      lost = lost || hasLost
    }
    if lost {
      losses.append(
        "the capture was made with --trace-ascii: each byte that is no printable ASCII was a dot; "
          + "line ends were rebuilt, other characters stay dots")
    }
  }
}
