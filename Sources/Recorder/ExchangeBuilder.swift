public import Cassettes
internal import LosslessJSON

/// Puts an exchange together from recording events, as they came: nothing is redacted.
public struct ExchangeBuilder: Sendable {
  /// What has come so far; without an ending it counts as `interrupted`.
  public private(set) var exchange: Exchange

  private var lines = 1

  /// Creates a builder.
  ///
  /// - Parameters:
  ///   - request: What was asked.
  ///   - id: The exchange's identity.
  ///   - at: The time of day, used where the request is never sent.
  public init(request: RecordingRequest, id: String, at: String) {
    exchange = Exchange(
      request: request.recorded(id: id, at: at), ending: Ending(how: .interrupted))
  }

  /// Adds one event.
  public mutating func add(_ event: RecordingEvent) {
    switch event {
    case .sent(let headers, let at):
      exchange.request.headers = headers
      exchange.request.at = at
    case .head(let head):
      exchange.head = head
      lines += 1
    case .chunk(let bytes, let at):
      exchange.append(chunk: bytes, at: at)
      lines += 1
    case .trailers(let trailers):
      exchange.trailers = trailers
      lines += 1
    case .marker(let text, let at):
      exchange.asides.append(Aside(code: "m", data: .string(text), place: lines, at: at))
    case .tick: break
    case .ended(let ending, _): exchange.ending = ending
    }
  }
}

extension RecordingRequest {
  /// The request as a cassette has it, before it was sent.
  public func recorded(id: String, at: String) -> RecordedRequest {
    var recorded = RecordedRequest(
      id: id, at: at, by: StreamRecorder.program, method: method, url: sentURL,
      headers: sentHeaders, body: method == "HEAD" ? [] : body)
    recorded.path = recorded.target
    return recorded
  }
}
