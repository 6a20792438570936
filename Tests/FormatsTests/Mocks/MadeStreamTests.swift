import Cassettes
import Dialects
import Formats
import LosslessJSON
import Planning
import Testing

@Suite("Answers made of what a mock says")
struct MadeStreamTests {
  private static func fixture(_ response: String, _ more: String = "", model: String) -> String {
    #"{"fixtures":[{"match":{"userMessage":"Hi","model":"\#(model)"},"response":\#(response)\#(more)}]}"#
  }

  private static let everything =
    #"{"reasoning":"Let me see, 世界 is long enough","content":"Grüße! This text needs several events.","#
    + #""toolCalls":[{"name":"weather","arguments":{"city":"Zürich","days":[1,2]},"id":"call_x"}],"#
    + #""usage":{"prompt_tokens":3,"completion_tokens":9}}"#

  @Test(
    "The stream of each API is whole and says what the fixture says",
    arguments: [
      ("gpt-5", "openai-chat", "/v1/chat/completions"),
      ("claude-test", "anthropic", "/v1/messages"),
      ("gemini-2.5", "gemini", "/v1beta/models/gemini-2.5:streamGenerateContent?alt=sse"),
    ])
  func everyAPI(model: String, dialect: String, path: String) throws {
    let text = Self.fixture(Self.everything, model: model)
    let capture = try #require(try MockReading.captures(text.utf8, "aimock").first)
    let exchange = try MockReading.exchange(capture)
    #expect(exchange.request.target == path)
    #expect(exchange.request.timing == .synthetic)
    try Self.expectEverything(exchange, dialect)
  }

  @Test(
    "llmposter names the API",
    arguments: [
      ("openai", "openai-chat"), ("anthropic", "anthropic"), ("gemini", "gemini"),
      ("responses", "openai-responses"),
    ])
  func providers(provider: String, dialect: String) throws {
    let text = """
      fixtures:
        - match: {user_message: hello}
          provider: \(provider)
          response:
            tool_calls:
              - name: weather
                arguments: {city: "Zürich", days: [1, 2]}
          streaming: {latency: 50, chunk_size: 7}
      """
    let capture = try #require(try MockReading.captures(text.utf8, "llmposter").first)
    let exchange = try MockReading.exchange(capture)
    let message = ExchangeMessage(of: exchange)
    #expect(message.dialect.name == dialect)
    #expect(message.completeness == .complete)
    #expect(message.accumulator.log.problemCount == 0, "\(message.accumulator.log.problems)")
    let call = message.accumulator.content.first { $0.kind == .toolCall }
    #expect(call.map { MockReading.text($0.bytes) } == #"{"city":"Zürich","days":[1,2]}"#)
    let gaps = zip(exchange.chunks.dropFirst(), exchange.chunks).map { $0.at.count - $1.at.count }
    #expect(Set(gaps) == [50_000])
  }

  private static func expectEverything(_ exchange: Exchange, _ dialect: String) throws {
    let message = ExchangeMessage(of: exchange)
    #expect(message.dialect.name == dialect)
    #expect(message.completeness == .complete)
    #expect(message.accumulator.log.problemCount == 0, "\(message.accumulator.log.problems)")
    let parts = message.accumulator.content
    func text(_ kind: MessagePart.Kind) -> String {
      MockReading.text(parts.filter { $0.kind == kind }.flatMap(\.bytes))
    }
    #expect(text(.text) == "Grüße! This text needs several events.")
    #expect(text(.thinking) == "Let me see, 世界 is long enough")
    #expect(text(.toolCall) == #"{"city":"Zürich","days":[1,2]}"#)
    #expect(parts.first { $0.kind == .toolCall }?.name == "weather")
    #expect(message.accumulator.usage != nil)
  }

  @Test("Recorded times are kept, and a profile counts more than they do")
  func times() throws {
    let recorded =
      #","recordedTimings":{"ttftMs":200,"interChunkDelaysMs":[10,30],"totalDurationMs":240}"#
    let text = Self.fixture(#"{"content":"Hi"}"#, recorded, model: "m")
    let exchange = try MockReading.exchange(try MockReading.captures(text.utf8, "aimock")[0])
    #expect(exchange.chunks.map(\.at.count) == [200_000, 210_000, 240_000, 260_000])
    #expect(exchange.head?.at.count == 200_000)
    let profiled = Self.fixture(
      #"{"content":"Hi"}"#, recorded + #","streamingProfile":{"ttft":5,"tps":100}"#, model: "m")
    let other = try MockReading.exchange(try MockReading.captures(profiled.utf8, "aimock")[0])
    #expect(other.chunks.map(\.at.count) == [5_000, 15_000, 25_000, 35_000])
  }

  @Test("A stream may break off behind some events, or after some time")
  func breaks() throws {
    let cut = Self.fixture(
      #"{"content":"Hi"}"#, #","truncateAfterChunks":2,"latency":10"#, model: "m")
    let exchange = try MockReading.exchange(try MockReading.captures(cut.utf8, "aimock")[0])
    #expect(exchange.ending.how == .truncated)
    #expect(exchange.chunks.count == 2)
    let late = Self.fixture(
      #"{"content":"Hi"}"#, #","disconnectAfterMs":25,"latency":10"#, model: "m")
    let other = try MockReading.exchange(try MockReading.captures(late.utf8, "aimock")[0])
    #expect(other.ending.how == .truncated)
    #expect(other.chunks.count == 2)
    #expect(other.ending.at.count == 25_000)
  }

  @Test("An error is worded as its API words it")
  func errors() throws {
    let text = Self.fixture(
      #"{"error":{"message":"slow down","type":"rate_limit_error"},"status":429}"#,
      model: "claude-x")
    let capture = try #require(try MockReading.captures(text.utf8, "aimock").first)
    #expect(capture.status == 429)
    #expect(
      MockReading.text(capture.body)
        == #"{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}"#)
  }

  @Test("What was exported as a fixture says the same when it is imported")
  func exported() throws {
    let original = ExportedFileTests.exchange()
    let bytes = try ExportRoundTripTests.exported([original], AimockExport())
    let back = try MockReading.exchange(try MockReading.captures(bytes, "aimock")[0])
    #expect(
      ExchangeMessage(of: back).accumulator.content
        == ExchangeMessage(of: original).accumulator.content)
    #expect(back.request.target == "/v1/chat/completions")
    #expect(ExchangePart.differing(original, back) == AimockExport().lostParts(of: original))
  }
}
