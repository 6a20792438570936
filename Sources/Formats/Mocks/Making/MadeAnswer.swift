internal import LosslessJSON

/// What a model says in an answer of which a file has the meaning, and no bytes.
struct MadeAnswer {
  /// A part of it, in its order.
  enum Part {
    case reasoning([UInt8], signature: String?)
    case text([UInt8])
    case call(id: String, name: String, arguments: [UInt8])
  }

  /// The parts.
  var parts: [Part]
  /// The id of the message, or nil for one that is made.
  var id: String?
  /// The model, or nil for one that is made.
  var model: String?
  /// When it was made, in seconds since 1970.
  var created: Int
  /// Why the model stopped, in the word of OpenAI's chat completions; nil for what the parts say.
  var finish: String?
  /// The tokens that were read and written, where that is known.
  var usage: Usage?
  /// How many characters of a text one event brings.
  var chunkSize: Int

  /// The tokens of an answer.
  struct Usage {
    var input: Int
    var output: Int
  }

  /// Creates an answer of parts.
  init(_ parts: [Part], chunkSize: Int = Self.defaultChunkSize) {
    self.parts = parts
    self.chunkSize = chunkSize
    id = nil
    model = nil
    created = 0
    finish = nil
    usage = nil
  }

  /// How many characters the mocks themselves put into an event unless told otherwise.
  static let defaultChunkSize = 20

  /// Why the model stopped.
  var finishReason: String {
    if let finish { return finish }
    let calls = parts.contains { if case .call = $0 { true } else { false } }
    return calls ? "tool_calls" : "stop"
  }

  /// The most events that are made of one answer, as many as one is read with.
  static let mostEvents = 200_000

  /// Makes sure that no text is cut into more pieces than an exchange may have events.
  ///
  /// - Throws: An `ImportError` with the line that is given.
  func checkSize(line: Int) throws(ImportError) {
    let bytes = parts.reduce(0) { total, part in
      switch part {
      case .reasoning(let text, _), .text(let text): total + text.count
      case .call(_, _, let arguments): total + arguments.count
      }
    }
    guard bytes / max(1, chunkSize) > Self.mostEvents else { return }
    throw ImportError(
      "expected an answer of at most \(Self.mostEvents) pieces, found \(bytes) bytes in pieces of "
        + "\(max(1, chunkSize))", line: line)
  }

  /// A text cut into pieces of whole characters.
  func pieces(of text: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var piece: [UInt8] = []
    var count = 0
    for byte in text {
      if byte & 0xC0 != 0x80 {
        if count == max(1, chunkSize) {
          pieces.append(piece)
          (piece, count) = ([], 0)
        }
        count += 1
      }
      piece.append(byte)
    }
    if !piece.isEmpty { pieces.append(piece) }
    return pieces
  }
}

/// An API in whose bytes an answer can be made.
enum MadeAPI: String, CaseIterable {
  case chat, anthropic, responses, gemini

  /// The API of a model, by its name, where nothing else tells it.
  init(ofModel model: String?) {
    let model = model?.lowercased() ?? ""
    self = model.contains("claude") ? .anthropic : model.contains("gemini") ? .gemini : .chat
  }

  /// The path that is asked.
  func path(model: String?) -> String {
    switch self {
    case .chat: "/v1/chat/completions"
    case .anthropic: "/v1/messages"
    case .responses: "/v1/responses"
    case .gemini: "/v1beta/models/\(model ?? "gemini"):streamGenerateContent?alt=sse"
    }
  }

  /// The events of an answer, each with its blank line.
  func events(of answer: MadeAnswer) -> [[UInt8]] {
    switch self {
    case .chat: ChatStream(answer).events
    case .anthropic: AnthropicStream(answer).events
    case .responses: ResponsesStream(answer).events
    case .gemini: GeminiStream(answer).events
    }
  }

  /// A request to which such an answer fits.
  func request(model: String?, userMessage: String?) -> JSONValue {
    let text = JSONValue.string(userMessage ?? "")
    if self == .gemini {
      let part = JSONValue.object([.init("text", text)])
      let content: [JSONValue.Member] = [
        .init("role", .string("user")), .init("parts", .array([part])),
      ]
      return .object([.init("contents", .array([.object(content)]))])
    }
    let message = JSONValue.object([.init("role", .string("user")), .init("content", text)])
    let messages = JSONValue.Member(self == .responses ? "input" : "messages", .array([message]))
    let front: [JSONValue.Member] = [
      .init("model", .string(model ?? "model")), .init("stream", .bool(true)),
    ]
    return .object(front + [messages])
  }

  /// How the API words an error.
  func error(type: String, message: String, code: String?) -> JSONValue {
    var members: [JSONValue.Member] = []
    switch self {
    case .anthropic:
      members = [.init("type", .string(type)), .init("message", .string(message))]
      return .object([.init("type", .string("error")), .init("error", .object(members))])
    case .gemini:
      members = [.init("message", .string(message)), .init("status", .string(code ?? type))]
    case .chat, .responses:
      members = [
        .init("message", .string(message)), .init("type", .string(type)), .init("param", .null),
        .init("code", code.map(JSONValue.string) ?? .null),
      ]
    }
    return .object([.init("error", .object(members))])
  }
}

/// Writes events.
enum MadeEvent {
  /// An event with a type line, or without.
  static func bytes(_ type: String? = nil, _ data: JSONValue) -> [UInt8] {
    let front = type.map { "event: \($0)\ndata: " } ?? "data: "
    return Array(front.utf8) + data.bytes + [0x0A, 0x0A]
  }
}

extension JSONValue {
  /// An object of some members.
  static func members(_ pairs: (String, JSONValue)...) -> JSONValue {
    .object(pairs.map { Member($0, $1) })
  }
}
