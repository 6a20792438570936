internal import Cassettes
internal import Dialects
internal import EventStream
internal import HTTP
internal import LosslessJSON

/// What an answer says, by all the rules above HTTP framing: its content type, the format of its
/// body, and its dialect.
///
/// The recorded answer and the one that a plan sends are read by this alone, so that whoever judges
/// them comes to the same.
struct AnswerReading {
  /// What the events mean.
  let dialect: any Dialect

  /// How the events stand in the body.
  let format: BodyFormat

  /// The message, as it stands behind the last event.
  private(set) var accumulator: MessageAccumulator

  /// What is wrong with the head of a stream: who goes by it refuses what others read.
  let headFlaw: String?

  private let incompleteness: String?

  /// What an answer is read of.
  struct Answer {
    var status: Int?
    var headers: [HeaderField]
    var body: [UInt8]

    /// How its body ended, as a word; nil where it is whole.
    var brokenEnd: String?

    /// The content coding that nobody undid; nil where the body can be read.
    var coding: String?
  }

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - answer: Head and body, without framing and coding.
  ///   - request: What it answers.
  ///   - dialect: What the events mean, where it is known.
  ///   - catalogue: What it is looked for in.
  init(
    _ answer: Answer, to request: RecordedRequest, dialect: (any Dialect)? = nil,
    catalogue: DialectCatalogue = .standard
  ) {
    var answer = answer
    // What is compressed says nothing that could be read.
    if answer.coding != nil { answer.body = [] }
    let type = answer.headers.contentType
    let format = BodyFormat(request: request, type: type, body: answer.body)
    self.format = format
    headFlaw =
      format == .eventStream && type != "text/event-stream"
      ? type.map { "the content-type is \($0), not text/event-stream" }
        ?? "there is no content-type, so the answer does not say that it is an event stream"
      : nil
    let fields = request.headers.map(\.name) + answer.headers.map(\.name)
    var listener = Listener(notice: headFlaw, dialect: dialect) { firstEvents in
      catalogue.dialect(
        for: DialectEvidence(
          target: request.target, headerNames: fields, firstEvents: firstEvents))
    }
    let events = BodyEvents(answer.body, format: format) { listener.take($0) }
    (self.dialect, accumulator) = listener.finish()
    incompleteness =
      Self.incompleteness(
        of: answer, to: request, format, self.dialect, accumulator.completeness.reason)
      ?? events.flaw
    if let flaw = events.flaw { accumulator.notice(flaw) }
  }

  /// Puts the message together, once the first events have told its dialect.
  private struct Listener {
    let notice: String?
    var dialect: (any Dialect)?
    let find: ([ServerSentEvent]) -> any Dialect
    private var first: [ServerSentEvent] = []
    private var accumulator: MessageAccumulator?

    init(
      notice: String?, dialect: (any Dialect)?,
      find: @escaping ([ServerSentEvent]) -> any Dialect
    ) {
      (self.notice, self.dialect, self.find) = (notice, dialect, find)
    }

    mutating func take(_ event: ServerSentEvent) {
      guard accumulator == nil else {
        accumulator?.take(event)
        return
      }
      first.append(event)
      if first.count == DialectEvidence.eventLimit { _ = begin() }
    }

    private mutating func begin() -> (any Dialect, MessageAccumulator) {
      let dialect = dialect ?? find(first)
      var accumulator = MessageAccumulator(dialect)
      if let notice { accumulator.notice(notice) }
      for event in first { accumulator.take(event) }
      (self.dialect, self.accumulator, first) = (dialect, accumulator, [])
      return (dialect, accumulator)
    }

    mutating func finish() -> (any Dialect, MessageAccumulator) {
      guard let dialect, var accumulator = accumulator.take() else {
        var (dialect, accumulator) = begin()
        accumulator.finish()
        return (dialect, accumulator)
      }
      accumulator.finish()
      return (dialect, accumulator)
    }
  }

  /// Whether the message is whole, and why not.
  var completeness: Completeness {
    if let incompleteness { return .incomplete(incompleteness) }
    return format == .whole ? .complete : accumulator.completeness
  }

  /// What keeps an answer from being a whole message whatever its dialect says.
  private static func incompleteness(
    of answer: Answer, to request: RecordedRequest, _ format: BodyFormat, _ dialect: any Dialect,
    _ reason: String?
  ) -> String? {
    guard let status = answer.status else { return "there is no answer" }
    guard (200..<300).contains(status) else { return "the answer has status \(status)" }
    if let coding = answer.coding {
      return "the body is in the content coding \(coding), kept as received"
    }
    if format == .whole {
      return flaw(ofWhole: answer, to: request)
        ?? answer.brokenEnd.map { "the body ended as \($0)" }
    }
    if let reason, format == .eventStream, let words = undispatchedError(in: answer.body),
      !reason.contains(words)
    {
      return "an error came: \(words)"
    }
    guard !dialect.marksItsEnd else { return nil }
    return answer.brokenEnd.map { "the body ended as \($0)" }
  }

  /// What is wrong with an answer that is one piece.
  private static func flaw(ofWhole answer: Answer, to request: RecordedRequest) -> String? {
    let isJSON = answer.headers.contentType?.hasSuffix("json") ?? false
    if request.asksForStream {
      let words = isJSON ? ErrorWords.text(in: answer.body) : nil
      return words.map { "an error came: \($0)" }
        ?? "the request asks for a stream, and the answer is not one"
    }
    guard isJSON, request.method != "HEAD", answer.status != 204, answer.status != 205 else {
      return nil
    }
    do throws(JSONError) {
      _ = try JSONValue(parsing: answer.body, nesting: 512)
      return nil
    } catch {
      if case .tooDeep = error.reason { return nil }
      return "the body is not complete JSON: \(error)"
    }
  }

  /// What an error says that no event brings: servers write it as a field that does not exist, or
  /// as JSON outside of any field.
  private static func undispatchedError(in body: [UInt8]) -> String? {
    let name = Array("error:".utf8)
    // Such an error is the last that a server says, in one line.
    for line in body.suffix(tailLimitBytes).split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
      if line.starts(with: name) {
        let said = Array(line.dropFirst(name.count).drop { $0 == 0x20 })
        return ErrorWords.text(in: said) ?? String(decoding: said, as: UTF8.self)
      }
      if line.first == UInt8(ascii: "{"), let words = ErrorWords.text(in: Array(line)) {
        return words
      }
    }
    return nil
  }

  private static let tailLimitBytes = 64 << 10
}

extension AnswerReading {
  /// Reads the answer of a recorded exchange.
  init(of exchange: Exchange, catalogue: DialectCatalogue = .standard) {
    let how = exchange.ending.how
    self.init(
      Answer(
        status: exchange.head?.status, headers: exchange.head?.headers ?? [], body: exchange.body,
        brokenEnd: how == .complete ? nil : how.rawValue, coding: exchange.undecodedCoding),
      to: exchange.request, catalogue: catalogue)
  }
}
