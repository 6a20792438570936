internal import EventStream
internal import LosslessJSON

/// The streams of OpenAI's Responses API: `POST /v1/responses`, and the `GET` of a response in the
/// background.
struct OpenAIResponsesDialect: Dialect {
  let name = "openai-responses"

  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? {
    // A sign of life may come before the event that opens the response.
    let opening = ["response.created", "response.queued"]
    if evidence.firstEvents.contains(where: { Self.type(of: $0).map(opening.contains) ?? false }) {
      return .events
    }
    return Self.isTarget(evidence) ? .path : nil
  }

  func makeState() -> any MessageState { OpenAIResponsesState() }

  func name(of event: ServerSentEvent) -> String {
    event.type == "message" ? Self.type(of: event) ?? event.type : event.type
  }

  func isTerminal(_ event: ServerSentEvent) -> Bool {
    ["response.completed", "response.incomplete", "response.failed"].contains(name(of: event))
  }

  func reply(to error: APIError) -> ErrorReply { OpenAIErrors.reply(to: error) }

  func errorEvent(type: String, message: String) -> [UInt8] {
    EventText.event(
      "error",
      .object([
        .init("type", .string("error")), .init("code", .string(type)),
        .init("message", .string(message)), .init("param", .null),
        .init("sequence_number", .number(0)),
      ]))
  }

  var ping: [UInt8] { EventText.commentPing }

  var unknownEvent: [UInt8] {
    EventText.event("tapedeck_unknown", .object([.init("type", .string("tapedeck_unknown"))]))
  }

  /// The type that the data of an event tells, by which the SDK goes.
  private static func type(of event: ServerSentEvent) -> String? {
    (try? JSONValue(parsing: event.data, nesting: 512))?["type"]?.text
  }

  /// Whether a request is for a response, new or kept.
  private static func isTarget(_ evidence: DialectEvidence) -> Bool {
    if evidence.path.hasSuffix("/responses") { return true }
    let end = evidence.path.split(separator: "/").suffix(2)
    return end.count == 2 && end.first == "responses"
      && evidence.query.split(separator: "&").contains("stream=true")
  }
}
