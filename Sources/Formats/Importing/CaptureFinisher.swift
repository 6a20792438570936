package import Cassettes
internal import Digests
internal import HTTP
package import Planning
package import Redaction

/// Makes exchanges of what readers find: it undoes content codings, settles the framing, makes
/// times where there are none, gives each exchange its identity, and covers what is secret.
package struct CaptureFinisher: Sendable {
  /// An exchange, and what is to be said of it.
  package struct Finished: Sendable {
    /// The exchange, redacted.
    package var exchange: Exchange
    /// Whether the file shows how the body was framed.
    package var knowsFraming: Bool
    /// What of the file the exchange does not hold, each as a clause.
    package var losses: [String]
  }

  /// The pace of what has no times.
  package var pace: Pace
  /// What a pace like a cassette draws from; nil for others.
  package var samples: Pace.Samples?
  /// The URL of what has none.
  package var url: String?
  /// What is covered.
  package var rules: RedactionRules

  /// Creates a finisher.
  package init(
    pace: Pace = Self.defaultPace, samples: Pace.Samples? = nil, url: String? = nil,
    rules: RedactionRules = .standard
  ) {
    self.pace = pace
    self.samples = samples
    self.url = url
    self.rules = rules
  }

  /// The pace unless another is asked for: the first event after 300 ms, then 50 a second.
  package static let defaultPace = Pace(
    .rate(first: Microseconds(saturating: 300_000), perSecond: ExactDecimal(digits: 50, scale: 1)))

  /// Makes an exchange of a capture.
  ///
  /// - Parameters:
  ///   - capture: What a reader found.
  ///   - format: The name of its format, which stands in `by`.
  ///   - number: Its number in the file, which tells it from others that are equal.
  /// - Returns: The exchange, and what is to be said of it.
  /// - Throws: An `ImportError` where it cannot stand in a cassette.
  package func exchange(of capture: consuming Capture, format: String, number: Int = 1) throws
    -> Finished
  {
    if var exchange = capture.whole {
      Redactor.redact(&exchange, by: rules)
      return Finished(exchange: exchange, knowsFraming: true, losses: capture.losses)
    }
    guard capture.status != nil || capture.body.isEmpty && capture.trailers.isEmpty else {
      throw ImportError(
        "expected a status of an answer that has a body, found none", line: capture.line)
    }
    let isTimed = if case .arrivals = capture.times { !capture.isMadeUp } else { false }
    var decoded = try DecodedBody(of: capture)
    let framing = CapturedFraming(of: capture, decoded: decoded)
    let target = CapturedTarget(of: capture, given: url, answer: decoded.bytes)
    var exchange = Exchange(
      request: request(of: capture, target, format: format, isTimed: isTimed),
      ending: Ending(how: .complete))
    exchange.ending.how = decoded.ending ?? capture.ending
    exchange.ending.detail = decoded.endingDetail ?? capture.endingDetail
    exchange.ending.curlCode = capture.curlCode
    if let status = capture.status {
      exchange.head = ResponseHead(
        status: status, http: framing.http, framing: framing.framing, headers: capture.headers,
        decoded: decoded.coding)
    }
    Self.settleEnding(&exchange, stage: capture.endingStage)
    swap(&exchange.body, &decoded.bytes)
    try CapturedTimes(pace: pace, samples: samples).settle(decoded.times, in: &exchange)
    if !capture.trailers.isEmpty {
      exchange.trailers = Trailers(fields: capture.trailers, at: exchange.ending.at)
    }
    Redactor.redact(&exchange, by: rules)
    // Behind the redaction, so that nothing of a secret is in it.
    exchange.request.id = Self.identity(of: exchange, number)
    return Finished(
      exchange: exchange, knowsFraming: framing.isKnown,
      losses: capture.losses + decoded.losses + (target.guess.map { [$0] } ?? []))
  }

  /// Brings the ending in line with whether a head came.
  private static func settleEnding(_ exchange: inout Exchange, stage: Ending.Stage?) {
    switch exchange.ending.how {
    case .unreachable where exchange.head != nil: exchange.ending.how = .truncated
    case .complete, .truncated, .reset, .timeout:
      if exchange.head == nil { exchange.ending.how = .unreachable }
    default: break
    }
    if exchange.ending.how == .unreachable { exchange.ending.stage = stage ?? .request }
  }

  private func request(
    of capture: borrowing Capture, _ target: CapturedTarget, format: String, isTimed: Bool
  ) -> RecordedRequest {
    var request = RecordedRequest(
      id: "",
      at: Timestamp.rfc3339(microsecondsSince1970: capture.at ?? Self.date(of: capture) ?? 0),
      by: "tapedeck \(TapedeckVersion.current), imported from \(format)",
      timing: isTimed ? .recorded : .synthetic, method: "",
      headers: capture.request.headers, body: capture.request.body)
    request.method = target.method
    request.url = target.url
    request.path = target.path
    return request
  }

  /// The time of day that the answer's `date` says. (RFC 9110, 6.6.1)
  private static func date(of capture: borrowing Capture) -> Int64? {
    capture.headers.value(of: "date").flatMap(Timestamp.microseconds(httpDate:))
  }

  /// The same exchange of the same file has the same identity, wherever it is imported.
  private static func identity(of exchange: Exchange, _ number: Int) -> String {
    var hash = SHA256()
    for part in [
      exchange.request.at, exchange.request.method, exchange.request.target,
      "\(exchange.head?.status ?? 0)", "\(number)",
    ] {
      hash.update(Array(part.utf8) + [0])
    }
    hash.update(exchange.request.body)
    hash.update([0])
    hash.update(exchange.body)
    return hash.finalize().prefix(8).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
