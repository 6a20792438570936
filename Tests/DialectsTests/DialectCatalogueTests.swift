import EventStream
import Testing

@testable import Dialects

/// What tells the dialect of an exchange, and which it is.
struct Exchange: Sendable, CustomTestStringConvertible {
  var target: String
  var headers: [String] = []
  var events: [ServerSentEvent] = []
  var dialect: String

  init(_ target: String, _ headers: [String] = [], _ data: [String] = [], is dialect: String) {
    self.init(target, headers, events: data.map { ("message", $0) }, is: dialect)
  }

  init(_ target: String, _ headers: [String] = [], events: [(String, String)], is dialect: String) {
    self.target = target
    self.headers = headers
    self.events = events.map { ServerSentEvent(type: $0.0, data: $0.1) }
    self.dialect = dialect
  }

  var testDescription: String {
    "\(target) \(headers) \(events.first.map { "\($0.type): \($0.data.prefix(60))" } ?? "")"
  }

  /// The name of the dialect that the catalogue finds.
  var found: String {
    let evidence = DialectEvidence(target: target, headerNames: headers, firstEvents: events)
    return DialectCatalogue.standard.dialect(for: evidence).name
  }
}

@Suite("The dialect of an exchange")
struct DialectCatalogueTests {
  private static let geminiPath = "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse"
  private static let geminiChunk =
    #"{"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"index":0}]}"#
  private static let chatChunk =
    #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","#
    + #""choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}"#
  private static let messageStart = (
    "message_start",
    #"{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[]}}"#
  )
  private static let responseCreated = (
    "response.created",
    #"{"type":"response.created","response":{"id":"r","object":"response"},"sequence_number":0}"#
  )

  @Test(
    "Gemini is known by its chunks, else by its path, else by a header",
    arguments: [
      Exchange(geminiPath, is: "gemini"),
      Exchange("/v1beta/models/m%3AstreamGenerateContent", is: "gemini"),
      Exchange(
        "/v1/projects/p/locations/l/publishers/google/models/m:streamGenerateContent?alt=sse",
        is: "gemini"),
      Exchange("/any", ["X-Goog-Api-Key"], is: "gemini"),
      Exchange("/any", [], [geminiChunk], is: "gemini"),
      Exchange("/any", [], [#"{"candidates":[]}"#], is: "gemini"),
      Exchange(
        "/any", [], [#"{"usageMetadata":{"promptTokenCount":1},"modelVersion":"m"}"#], is: "gemini"),
      Exchange("/any", [], ["{", #"{"novel":1}"#, " " + geminiChunk], is: "gemini"),
      Exchange(geminiPath, [], [#"{"error":{"code":503,"status":"UNAVAILABLE"}}"#], is: "gemini"),
      // A gateway that speaks of all its models in the words of one API.
      Exchange("/v1/chat/completions", ["authorization"], [geminiChunk], is: "gemini"),
      Exchange("/v1/messages", ["anthropic-version"], [geminiChunk], is: "gemini"),
      Exchange("/v1/responses", [], [geminiChunk], is: "gemini"),
    ])
  func gemini(exchange: Exchange) {
    #expect(exchange.found == exchange.dialect)
  }

  @Test(
    "what no dialect speaks up for is plain",
    arguments: [
      Exchange("/", is: "plain"), Exchange("", is: "plain"), Exchange("?", is: "plain"),
      Exchange("/v1beta/models/m:generateContent", is: "plain"),
      Exchange("/v1beta/models/m:countTokens?x=:streamGenerateContent", is: "plain"),
      Exchange("/any", ["authorization", "content-type"], ["one", "[DONE]", ""], is: "plain"),
      Exchange("/any", [], [#"{"candidates":5}"#, #"["candidates"]"#], is: "plain"),
      Exchange("/any", [], [#"{"usageMetadata":{}}"#, #"{"modelVersion":"m"}"#], is: "plain"),
      // Legacy completions.
      Exchange(
        "/v1/completions", [],
        [
          #"{"id":"cmpl-1","object":"text_completion","created":1,"model":"m","#
            + #""choices":[{"text":"a","index":0,"logprobs":null,"finish_reason":null}]}"#,
          "[DONE]",
        ], is: "plain"),
      // Cohere.
      Exchange(
        "/v2/chat", ["authorization"],
        events: [
          ("message-start", #"{"id":"1","type":"message-start","delta":{"message":{}}}"#),
          ("content-start", #"{"type":"content-start","index":0,"delta":{"message":{}}}"#),
          ("content-delta", #"{"type":"content-delta","index":0,"delta":{"message":{}}}"#),
        ], is: "plain"),
      // MCP.
      Exchange(
        "/mcp", ["mcp-session-id"],
        [#"{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"a"}]}}"#],
        is: "plain"),
      // OpenAI's other streams.
      Exchange(
        "/v1/audio/transcriptions", [], [#"{"type":"transcript.text.delta","delta":"a"}"#],
        is: "plain"),
      Exchange(
        "/v1/threads/t/runs", ["openai-beta"],
        events: [("thread.run.created", #"{"id":"run_1","object":"thread.run"}"#)], is: "plain"),
      // An answer that is no event stream has no events.
      Exchange("/v1/embeddings", ["authorization"], is: "plain"),
    ])
  func plain(exchange: Exchange) {
    #expect(exchange.found == exchange.dialect)
  }

  @Test(
    "Anthropic and OpenAI are known by their events, else by their paths, else by a header",
    arguments: [
      Exchange("/v1/messages", is: "anthropic"),
      Exchange("/v1/messages?beta=true", is: "anthropic"),
      Exchange("/gateway/anthropic/v1/messages", is: "anthropic"),
      Exchange("/any", ["Anthropic-Version"], is: "anthropic"),
      Exchange("/any", [], events: [messageStart], is: "anthropic"),
      Exchange("/v1/chat/completions", is: "openai-chat"),
      Exchange("/openai/deployments/d/chat/completions?api-version=1", is: "openai-chat"),
      Exchange("/any", [], [chatChunk], is: "openai-chat"),
      Exchange(
        "/any", [], [#"{"object":"","choices":[],"prompt_filter_results":[]}"#, chatChunk],
        is: "openai-chat"),
      Exchange("/v1/responses", is: "openai-responses"),
      Exchange("/any", [], events: [responseCreated], is: "openai-responses"),
      Exchange(
        "/v1/responses/resp_1?stream=true&starting_after=3", [],
        events: [
          (
            "response.output_text.delta",
            #"{"type":"response.output_text.delta","delta":"a","sequence_number":4}"#
          )
        ], is: "openai-responses"),
      // The events count more than the path, and the path more than a header.
      Exchange("/v1/messages", ["anthropic-version"], [chatChunk], is: "openai-chat"),
      Exchange("/v1/chat/completions", [], events: [messageStart], is: "anthropic"),
      Exchange("/v1/chat/completions", [], events: [responseCreated], is: "openai-responses"),
      Exchange(geminiPath, ["x-goog-api-key"], [chatChunk], is: "openai-chat"),
      Exchange("/v1/chat/completions", ["anthropic-version"], is: "openai-chat"),
      Exchange("/v1/messages", ["x-goog-api-key"], is: "anthropic"),
      Exchange("/v1/responses", ["x-goog-api-key", "anthropic-version"], is: "openai-responses"),
    ])
  func others(exchange: Exchange) {
    #expect(exchange.found == exchange.dialect)
  }

  @Test("only the first events are looked at")
  func limit() {
    let before = [String](repeating: "{}", count: DialectEvidence.eventLimit)
    #expect(Exchange("/", [], before.dropLast() + [Self.geminiChunk], is: "").found == "gemini")
    #expect(Exchange("/", [], before + [Self.geminiChunk], is: "").found == "plain")
  }

  @Test(
    "a target is cut at its first question mark, and header names are in lower case",
    arguments: [
      ("/a?b=c?d", "/a", "b=c?d"), ("/a?", "/a", ""), ("/a", "/a", ""), ("", "", ""),
      ("?b", "", "b"),
    ])
  func evidence(target: String, path: String, query: String) {
    let evidence = DialectEvidence(target: target, headerNames: ["X-Á", "x-a", "X-A"])
    #expect(evidence.path == path)
    #expect(evidence.query == query)
    #expect(evidence.headerNames == ["x-á", "x-a"])
  }

  @Test("an earlier dialect wins a tie, and a surer one wins over it")
  func certainty() {
    #expect(DialectCertainty.header < .path)
    #expect(DialectCertainty.path < .events)
    let catalogue = DialectCatalogue([
      Claimant(name: "a", certainty: .path), Claimant(name: "b", certainty: .path),
    ])
    #expect(catalogue.dialect(for: DialectEvidence(target: "/")).name == "a")
    let surer = DialectCatalogue(catalogue.dialects + [Claimant(name: "c", certainty: .events)])
    #expect(surer.dialect(for: DialectEvidence(target: "/")).name == "c")
    let silent = DialectCatalogue([Claimant(name: "a", certainty: nil)])
    #expect(silent.dialect(for: DialectEvidence(target: "/")).name == "plain")
  }

  @Test("the dialects have names of their own")
  func names() {
    let names = DialectCatalogue.standard.dialects.map(\.name)
    #expect(names == ["anthropic", "openai-chat", "openai-responses", "gemini"])
  }
}

/// A dialect that is always as sure.
private struct Claimant: Dialect {
  var name: String
  var certainty: DialectCertainty?
  var ping: [UInt8] { [] }
  var unknownEvent: [UInt8] { [] }

  func recognizes(_ evidence: DialectEvidence) -> DialectCertainty? { certainty }
  func makeState() -> any MessageState { PlainState() }
  func name(of event: ServerSentEvent) -> String { event.type }
  func reply(to error: APIError) -> ErrorReply { PlainDialect().reply(to: error) }
  func errorEvent(type: String, message: String) -> [UInt8] { [] }
  func isTerminal(_ event: ServerSentEvent) -> Bool { false }
}
