package import Cassettes
internal import Redaction

extension Recording {
  /// Makes a request and gives the exchange, redacted, without writing anything anywhere.
  ///
  /// The body is held in memory, up to the limit that the request's options set. Cancelling the
  /// task ends the exchange as `cancelled`.
  ///
  /// - Parameters:
  ///   - request: What to ask, and when to give up; its options say what is covered.
  ///   - recorder: What makes the request.
  /// - Returns: The exchange, as it would be in a cassette.
  /// - Throws: A `RecordingError` where the request cannot be sent as it stands, before anything is
  ///   sent.
  package static func run(
    inMemory request: RecordingRequest, recorder: StreamRecorder
  ) async throws -> Exchange {
    var exchange = Exchange(request: request.recordedNow(), ending: Ending(how: .interrupted))
    for await event in try recorder.record(request) {
      switch event {
      case .sent(let headers, let at):
        exchange.request.headers = headers
        exchange.request.at = at
      case .head(let head): exchange.head = head
      case .chunk(let bytes, let time): exchange.append(chunk: bytes, at: time)
      case .trailers(let trailers): exchange.trailers = trailers
      case .marker, .tick: continue
      case .ended(let ending, _): exchange.ending = ending
      }
    }
    let rules = request.options.redaction
    Redactor.redact(&exchange.request, by: rules)
    if var head = exchange.head {
      Redactor.redact(&head, by: rules)
      exchange.head = head
    }
    if var trailers = exchange.trailers {
      Redactor.redact(&trailers, by: rules)
      exchange.trailers = trailers
    }
    Redactor.redact(body: &exchange.body, by: rules)
    return exchange
  }
}
