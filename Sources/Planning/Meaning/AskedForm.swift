package import Cassettes
package import HTTP
package import LosslessJSON

/// Whether a request asks for a stream, as its API has it said.
///
/// Anthropic, OpenAI, Mistral, Cohere and those who follow them have a member `stream` in the body,
/// and without it there is no stream; Ollama streams unless it is false. Gemini, Vertex and Bedrock
/// have a path of its own for each form. Where neither says it, and the API may be any, the field
/// `accept` does. (RFC 9110, 12.5.1)
package struct AskedForm: Hashable, Sendable {
  /// What the member `stream` of a body says.
  package enum Member: Hashable, Sendable {
    /// The body is no request that could say it: no JSON object, or one that names neither a model
    /// nor anything for it to read, as a person sends who tries out a deck.
    case unsaid
    /// The object has no such member.
    case absent
    case stream
    case whole

    /// What every request to a model has one of.
    private static let contents = ["model", "messages", "input", "prompt", "contents"]

    /// Reads a body, or what is no JSON.
    package init(of body: ComparableJSON?) {
      guard let body, body.isObject else {
        self = .unsaid
        return
      }
      switch body[last: "stream"] {
      case nil: self = Self.contents.contains { body[last: $0] != nil } ? .absent : .unsaid
      case let value?: self = value.elementsEqual("true".utf8) ? .stream : .whole
      }
    }
  }

  private let member: Member
  /// Whether an event stream is accepted, or nil where everything is.
  private let acceptsStream: Bool?
  /// Whether what stands at the target is a stream in any case.
  private let isTargetOfStreams: Bool
  /// Whether a body without the member asks for a stream.
  private let streamsByDefault: Bool

  /// Judges a request by what its body says, its target and its fields.
  package init(_ member: Member, target: String, headers: [HeaderField]) {
    self.member = member
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts.first.map(String.init) ?? ""
    let query = parts.count > 1 ? parts[1].split(separator: "&").map(String.init) : []
    isTargetOfStreams =
      Self.pathEnds.contains(where: path.hasSuffix)
      || query.contains("stream=true") || query.contains("alt=sse")
    streamsByDefault = path.hasSuffix("/api/chat") || path.hasSuffix("/api/generate")
    let accept = headers.filter { $0.isNamed("accept") }.map { $0.value.lowercased() }
    acceptsStream =
      accept.contains { $0.contains("text/event-stream") }
      ? true : accept.allSatisfy { $0.contains("*/*") } ? nil : false
  }

  private static let pathEnds = ["streamGenerateContent", "-stream", "streamRawPredict"]

  /// Judges a recorded request.
  package init(_ request: RecordedRequest) {
    self.init(
      Member(of: try? ComparableJSON(parsing: request.body, nesting: 512)), target: request.target,
      headers: request.headers)
  }

  /// Whether one of two requests asks for a stream and the other for none; not where one says
  /// neither.
  package func differs(from other: AskedForm) -> Bool {
    guard hasMember || other.hasMember else {
      guard let acceptsStream, let theirs = other.acceptsStream else { return false }
      return acceptsStream != theirs
    }
    guard let mine = isStream, let theirs = other.isStream else { return false }
    return mine != theirs
  }

  /// Whether its body says it.
  package var hasMember: Bool { member == .stream || member == .whole }

  /// Whether it is a stream, or nil where nothing says so.
  package var isStream: Bool? {
    if isTargetOfStreams { return true }
    switch member {
    case .stream: return true
    case .whole: return false
    case .absent: return streamsByDefault || acceptsStream == true
    case .unsaid: return acceptsStream == true ? true : nil
    }
  }

  /// What it accepts, in a word.
  package var accepted: String {
    switch acceptsStream {
    case true?: "an event stream"
    case false?: "no event stream"
    case nil: "anything"
    }
  }
}

extension RecordedRequest {
  /// Whether the request asks for an answer that comes piece by piece.
  var asksForStream: Bool { AskedForm(self).isStream == true }
}
