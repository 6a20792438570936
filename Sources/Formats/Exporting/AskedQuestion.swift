internal import Cassettes
internal import LosslessJSON

/// What of a request to a model a mock matches on.
struct AskedQuestion {
  /// The last text that the user wrote, or nil.
  var userMessage: String?
  /// The model, or nil.
  var model: String?

  init(_ request: RecordedRequest) {
    let body = try? JSONValue(parsing: request.body, nesting: 512)
    model = body?[last: "model"]?.text ?? Self.model(inPath: request.target)
    let turns = body.flatMap { body in
      ["messages", "input", "contents"].lazy.compactMap { body[last: $0] }.first
    }
    switch turns {
    case .string(let text)?: userMessage = String(decoding: text, as: UTF8.self)
    case .array(let turns)?:
      userMessage = turns.last { $0[last: "role"]?.text ?? "user" == "user" }.flatMap(Self.text)
    default: userMessage = nil
    }
  }

  /// The text of a turn: a string, or the texts of its parts.
  private static func text(of turn: JSONValue) -> String? {
    let content = turn[last: "content"] ?? turn[last: "parts"]
    if let text = content?.text { return text }
    let texts = content?.elements?.compactMap { $0[last: "text"]?.text } ?? []
    return texts.isEmpty ? nil : texts.joined(separator: "\n")
  }

  /// The model in a path such as `/v1beta/models/NAME:streamGenerateContent`.
  private static func model(inPath path: String) -> String? {
    guard let front = path.firstRange(of: "/models/") else { return nil }
    let name = path[front.upperBound...].prefix { !":/?".contains($0) }
    return name.isEmpty ? nil : String(name)
  }
}
