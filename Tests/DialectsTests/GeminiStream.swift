import Dialects
import EventStream
import LosslessJSON

/// What the chunks of a Gemini stream add up to.
struct GeminiStream {
  private(set) var accumulator: MessageAccumulator

  /// The text that each event added.
  private(set) var texts: [String] = []

  init(_ chunks: [String]) {
    accumulator = MessageAccumulator(Self.dialect)
    for chunk in chunks { take(chunk) }
  }

  static let dialect = DialectCatalogue.standard.dialect(
    for: DialectEvidence(target: "/v1beta/models/m:streamGenerateContent?alt=sse"))

  mutating func take(_ chunk: String) {
    let text = accumulator.take(ServerSentEvent(data: chunk))
    texts.append(String(decoding: text, as: UTF8.self))
  }

  /// The message as canonical JSON, "" where there is none.
  var message: String {
    accumulator.message.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
  }

  var text: String { String(decoding: accumulator.text, as: UTF8.self) }

  /// What was wrong, each with the number of its event.
  var problems: [String] { accumulator.log.problems.map { "\($0.event): \($0.text)" } }

  /// A chunk of one candidate with these members.
  static func chunk(_ candidate: String, _ rest: String = "") -> String {
    #"{"candidates":[{"# + candidate + "}]" + rest + "}"
  }

  /// A chunk of one candidate with one part of these members.
  static func part(_ part: String, _ candidate: String = "") -> String {
    chunk(#""content":{"parts":[{"# + part + #"}],"role":"model"}"# + candidate)
  }
}
