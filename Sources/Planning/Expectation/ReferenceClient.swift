internal import Cassettes
internal import Dialects
internal import HTTP
internal import LosslessJSON

/// A client that reads an answer by all the rules: HTTP framing, the WHATWG grammar, the dialect.
///
/// ```
/// wire ─▶ ResponseReader ─▶ (gzip) ─▶ AnswerReading ─▶ judgement
/// ```
struct ReferenceClient {
  private let exchange: Exchange
  private let recorded: AnswerReading
  private let response: ResponseReader
  private let outcome: ResponseOutcome
  private let body: Body
  private let reading: AnswerReading

  /// The body as the content coding leaves it.
  private enum Body {
    case bytes([UInt8])
    case unreadable([UInt8])

    var bytes: [UInt8] {
      switch self {
      case .bytes(let bytes), .unreadable(let bytes): bytes
      }
    }
  }

  /// Reads the answer that a plan sends of an exchange, whose own answer has been read.
  init(_ plan: Plan, for exchange: Exchange, _ recorded: AnswerReading) {
    self.exchange = exchange
    self.recorded = recorded
    response = ResponseReader(plan.wire)
    outcome = ResponseOutcome(of: response, ending: plan.ending)
    body = Self.decoded(
      response, outcome, recordedCoding: exchange.head?.headers.value(of: "content-encoding"))
    reading = AnswerReading(
      AnswerReading.Answer(
        status: response.status, headers: response.headers, body: body.bytes,
        coding: Self.isAsRecorded(response, exchange) ? exchange.undecodedCoding : nil),
      to: exchange.request, dialect: recorded.dialect)
  }

  /// The text that arrives, as UTF-8.
  var text: [UInt8] { reading.accumulator.text }

  /// The message that arrives.
  var message: JSONValue? { reading.accumulator.message }

  /// Why the model stopped, as far as that arrives.
  var stopReason: String? { reading.accumulator.stopReason }

  /// What has to be done, and why.
  ///
  /// What the recording has wrong counts as what a fault does: a client knows of neither.
  var judgement: (Plan.Expectation.Outcome, String) {
    if case .broken(let what) = outcome { return (.breaking, what) }
    guard let status = response.status else { return (.breaking, "no answer came") }
    guard (200..<300).contains(status) else { return (.breaking, "the status is \(status)") }
    if case .unreadable = body { return (.breaking, "the content coding is broken") }
    guard reading.format != .whole || recorded.format == .whole else {
      return (.breaking, "the answer is not an event stream")
    }
    if case .incomplete(let what) = reading.completeness { return (.breaking, what) }
    if let flaw = reading.headFlaw { return (.breaking, flaw) }
    if let problem = reading.accumulator.log.breaking {
      return (.breaking, "event \(problem.event): \(problem.text)")
    }
    guard reading.format != .whole else { return judgementOfBytes }
    guard saysTheSame else {
      return (.undetectable, "the message is whole and says something else")
    }
    guard reading.format == .amazonEventStream || UTF8Check.isValid(body.bytes) else {
      return (.undetectable, "the message is whole and not all of it is UTF-8")
    }
    return (.benign, "the message is whole and says what was recorded")
  }

  /// Whether text, thinking, tool calls and stop reason are those of the recording.
  private var saysTheSame: Bool {
    reading.accumulator.saysTheSame(as: recorded.accumulator)
      && reading.accumulator.stopReason == recorded.accumulator.stopReason
  }

  private var judgementOfBytes: (Plan.Expectation.Outcome, String) {
    body.bytes == exchange.body
      ? (.benign, "the body is whole and equals the recording")
      : (.undetectable, "the body is whole and differs from the recording")
  }

  /// Whether an answer has the coding that the recording has, which nobody undid.
  private static func isAsRecorded(_ response: ResponseReader, _ exchange: Exchange) -> Bool {
    let recorded = exchange.head?.headers.value(of: "content-encoding")?.lowercased()
    return response.headers.value(of: "content-encoding")?.lowercased() == recorded
  }

  /// Undoes the coding that the answer names, where the recording did not have it already; any but
  /// gzip is one that the body does not have.
  private static func decoded(
    _ response: ResponseReader, _ outcome: ResponseOutcome, recordedCoding: String?
  ) -> Body {
    let coding = response.headers.value(of: "content-encoding")?.lowercased() ?? "identity"
    guard coding != "identity", coding != recordedCoding?.lowercased(), !response.body.isEmpty
    else { return .bytes(response.body) }
    // Codings are named in any case, and gzip has two names. (RFC 9110, 8.4.1)
    guard ["gzip", "x-gzip"].contains(coding) else { return .unreadable([]) }
    let (bytes, isWhole) = Gzip.inflated(response.body)
    return isWhole || outcome != .complete ? .bytes(bytes) : .unreadable(bytes)
  }
}
