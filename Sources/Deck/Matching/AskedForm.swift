internal import Cassettes
internal import JSON

/// Whether a request asks for a stream, as its API has it said.
///
/// Anthropic, OpenAI, Mistral, Cohere and those who follow them have a member `stream` in the body, and
/// without it there is no stream; Ollama streams unless it is false. Gemini and Bedrock have a path of its
/// own for each form, which matching compares anyway. Where the body has no such member, and the API may be
/// any, the field `accept` says it. (RFC 9110, 12.5.1)
struct AskedForm: Hashable, Sendable {
  /// What the member `stream` of a body says.
  enum Member: Hashable, Sendable {
    /// The body is no request that could say it: no JSON object, or one that names neither a model nor
    /// anything for it to read, as a person sends who tries out a deck.
    case unsaid
    /// The object has no such member.
    case absent
    case stream
    case whole

    /// What every request to a model has one of.
    private static let contents = ["model", "messages", "input", "prompt", "contents"]

    init(of body: JSONValue) {
      guard case .object = body else {
        self = .unsaid
        return
      }
      let isRequest = Self.contents.contains { body[$0] != nil }
      switch body["stream"] {
      case nil: self = isRequest ? .absent : .unsaid
      case .bool(true)?: self = .stream
      default: self = .whole
      }
    }
  }

  private let member: Member
  /// Whether an event stream is accepted, or nil where everything is.
  private let acceptsStream: Bool?
  /// Whether a body without the member asks for a stream.
  private let streamsByDefault: Bool

  init(_ member: Member, path: Substring, headers: [HeaderField]) {
    self.member = member
    streamsByDefault = path.hasSuffix("/api/chat") || path.hasSuffix("/api/generate")
    let accept = headers.filter { $0.isNamed("accept") }.map { $0.value.lowercased() }
    acceptsStream =
      accept.contains { $0.contains("text/event-stream") }
      ? true : accept.allSatisfy { $0.contains("*/*") } ? nil : false
  }

  /// Whether one of two requests asks for a stream and the other for none; not where one says neither.
  func differs(from other: AskedForm) -> Bool {
    guard hasMember || other.hasMember else {
      guard let acceptsStream, let theirs = other.acceptsStream else { return false }
      return acceptsStream != theirs
    }
    guard let mine = isStream, let theirs = other.isStream else { return false }
    return mine != theirs
  }

  /// Whether its body says it.
  var hasMember: Bool { member == .stream || member == .whole }

  private var isStream: Bool? {
    switch member {
    case .stream: true
    case .whole: false
    case .absent: streamsByDefault || acceptsStream == true
    case .unsaid: acceptsStream == true ? true : nil
    }
  }

  /// What it accepts, in a word.
  var accepted: String {
    switch acceptsStream {
    case true?: "an event stream"
    case false?: "no event stream"
    case nil: "anything"
    }
  }
}
