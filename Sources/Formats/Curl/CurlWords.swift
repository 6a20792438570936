internal import Cassettes

/// How a transfer failed, as curl words it.
struct CurlFailure {
  /// How it ended.
  var how: Ending.How
  /// How far an unanswered request got.
  var stage: Ending.Stage?
  /// curl's result code.
  var code: Int?
  /// curl's words.
  var detail: String

  /// What curl says, in lower case, of each way to fail; the first that fits counts.
  private static let phrases: [(text: String, how: Ending.How, code: Int, stage: Ending.Stage?)] = [
    ("could not resolve", .unreachable, 6, .dns),
    ("couldn't resolve", .unreachable, 6, .dns),
    ("resolving timed out", .unreachable, 28, .dns),
    ("failed to connect to", .unreachable, 7, .connect),
    ("could not connect to", .unreachable, 7, .connect),
    ("connection timed out after", .unreachable, 28, .connect),
    ("ssl connection timeout", .unreachable, 28, .tls),
    ("ssl certificate problem", .unreachable, 60, .tls),
    ("certificate verify failed", .unreachable, 60, .tls),
    ("no alternative certificate subject name", .unreachable, 60, .tls),
    ("before end of the underlying", .truncated, 92, nil),
    ("was not closed cleanly", .reset, 92, nil),
    ("stream was reset", .reset, 92, nil),
    ("reset by server", .reset, 92, nil),
    ("unexpected eof while reading", .truncated, 56, nil),
    ("connection reset by peer", .reset, 56, nil),
    ("connection was reset", .reset, 56, nil),
    ("errno 104", .reset, 56, nil),
    ("errno 54", .reset, 56, nil),
    ("recv failure", .reset, 56, nil),
    ("send failure", .reset, 55, nil),
    ("operation timed out after", .timeout, 28, nil),
    ("operation too slow", .timeout, 28, nil),
    ("transfer closed with", .truncated, 18, nil),
    ("end of response with", .truncated, 18, nil),
    ("empty reply from server", .unreachable, 52, .request),
    ("chunked-encoding", .malformed, 56, nil),
    ("chunked encoding", .malformed, 56, nil),
    ("chunk hex-length", .malformed, 56, nil),
    ("received http/0.9", .malformed, 1, nil),
    ("weird server reply", .malformed, 8, nil),
    ("unsupported http version", .malformed, 1, nil),
    ("unsupported http/1 subversion", .malformed, 1, nil),
    ("invalid content-length", .malformed, 8, nil),
    ("header without colon", .malformed, 8, nil),
    ("nul byte in header", .malformed, 8, nil),
    ("failed writing body", .cancelled, 23, nil),
    ("failure writing output", .cancelled, 23, nil),
    ("callback aborted", .cancelled, 42, nil),
    ("tls connect error", .unreachable, 35, .tls),
    ("ssl routines", .unreachable, 35, .tls),
    ("ssl_connect", .unreachable, 35, .tls),
  ]

  /// What curl's result codes say where its words say nothing.
  private static let codes: [Int: (how: Ending.How, stage: Ending.Stage?)] = [
    1: (.malformed, nil), 5: (.unreachable, .dns), 6: (.unreachable, .dns),
    7: (.unreachable, .connect), 8: (.malformed, nil), 18: (.truncated, nil),
    23: (.cancelled, nil), 28: (.timeout, nil), 35: (.unreachable, .tls), 42: (.cancelled, nil),
    52: (.unreachable, .request), 55: (.reset, nil), 56: (.reset, nil), 60: (.unreachable, .tls),
    61: (.malformed, nil), 92: (.reset, nil),
  ]

  /// Creates a failure from its parts.
  init(how: Ending.How, stage: Ending.Stage? = nil, code: Int? = nil, detail: String) {
    self.how = how
    self.stage = stage
    self.code = code
    self.detail = detail
  }

  /// Reads a line of curl's, or is nil where it tells of no failure.
  init?(info text: String) {
    // Files may have very many such lines, which bytes are quicker for.
    let lower = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    guard let phrase = Self.phrases.first(where: { lower.hold($0.text) }) else { return nil }
    (how, stage, code) = (phrase.how, phrase.stage, phrase.code)
    detail = text
  }

  /// Reads the line that curl ends with, `curl: (18) transfer closed ...`, or is nil.
  init?(lastLine text: String) {
    guard text.hasPrefix("curl: ("), let close = text.firstIndex(of: ")"),
      let number = Int(text[text.index(text.startIndex, offsetBy: 7)..<close]),
      (1...999).contains(number)
    else { return nil }
    let words = text[text.index(after: close)...].drop { $0 == " " }
    if let said = CurlFailure(info: String(words)) {
      self = said
    } else {
      (how, stage) = Self.codes[number] ?? (.truncated, nil)
      detail = String(words)
    }
    code = number
  }

  /// Whether no request can have been sent.
  var isBeforeRequest: Bool { stage == .dns || stage == .connect || stage == .tls }
}

/// What a line of curl's tells of the connection.
enum CurlNotice {
  /// A connection is being made.
  case connecting
  /// TLS is spoken on it.
  case tls
  /// One that was there is taken again; whether TLS is spoken on it, where that is said.
  case reused(isTLS: Bool?)
  /// The request goes out once more, since its connection had died.
  case sentAgain
  /// The transfer is over.
  case closed
  /// It failed.
  case failed(CurlFailure)
  /// Nothing that matters.
  case other

  /// Reads a line of curl's.
  init(_ line: String) {
    let text = line.drop { $0 == " " }.lowercased()
    if text.hasPrefix("trying ") || text.hasPrefix("about to connect") {
      self = .connecting
    } else if text.hasPrefix("re-using existing") || text.hasPrefix("reusing existing") {
      let isNamed = text.contains("existing http")
      self = .reused(isTLS: isNamed ? text.contains("existing https") : nil)
    } else if text.hasPrefix("connection died") || text.contains("retrying a fresh connect") {
      self = .sentAgain
    } else if let failure = CurlFailure(info: String(line)) {
      self = .failed(failure)
    } else if text.hasPrefix("closing connection") || text.hasPrefix("shutting down connection")
      || (text.hasPrefix("connection #") && text.contains("left intact"))
      || text.hasPrefix("issue another request")
    {
      self = .closed
    } else if text.hasPrefix("ssl connection using") || text.contains("tls handshake")
      || text.hasPrefix("alpn") || text.hasPrefix("schannel")
      || text.hasPrefix("server certificate")
    {
      self = .tls
    } else {
      self = .other
    }
  }
}

extension [UInt8] {
  /// Whether some text stands in these bytes.
  fileprivate func hold(_ text: String) -> Bool {
    let needle = text.utf8
    guard let first = needle.first, count >= needle.count else { return false }
    return (0...(count - needle.count)).contains { place in
      self[place] == first && self[place...].starts(with: needle)
    }
  }
}
