import Dialects
import HTTP
import LosslessJSON
import Quotas
import Testing
import Units

struct LimitFieldsTests {
  private static let second: Int64 = 1_000_000_000
  /// The time 2026-11-22T11:00:00.5Z.
  private static let clock: Int64 = 1_795_345_200_500_000

  private var standing: LimitStanding {
    var standing = LimitStanding()
    let minute = 60 * Self.second
    standing.requests = .init(
      limit: 50, remaining: 49, fullAt: at(1_200_000_000), period: minute)
    standing.inputTokens = .init(
      limit: 40_000, remaining: 39_000, fullAt: at(1_500_000), period: minute)
    standing.outputTokens = .init(
      limit: 8000, remaining: 0, fullAt: at(360 * Self.second), period: minute)
    return standing
  }

  private func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

  private func lines(_ shape: LimitShape, _ standing: LimitStanding? = nil) -> [String] {
    let bytes = LimitFields(shape, standing ?? self.standing).lines(at: at(0), clock: Self.clock)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.isEmpty || text.hasSuffix("\r\n"))
    return text.split(separator: "\r\n").map(String.init)
  }

  @Test func anthropicNamesPointsInTimeThatLieInTheFuture() {
    #expect(
      lines(.anthropic) == [
        "anthropic-ratelimit-requests-limit: 50", "anthropic-ratelimit-requests-remaining: 49",
        "anthropic-ratelimit-requests-reset: 2026-11-22T11:00:02Z",
        "anthropic-ratelimit-tokens-limit: 48000", "anthropic-ratelimit-tokens-remaining: 39000",
        "anthropic-ratelimit-tokens-reset: 2026-11-22T11:06:01Z",
        "anthropic-ratelimit-input-tokens-limit: 40000",
        "anthropic-ratelimit-input-tokens-remaining: 39000",
        "anthropic-ratelimit-input-tokens-reset: 2026-11-22T11:00:01Z",
        "anthropic-ratelimit-output-tokens-limit: 8000",
        "anthropic-ratelimit-output-tokens-remaining: 0",
        "anthropic-ratelimit-output-tokens-reset: 2026-11-22T11:06:01Z",
      ])
  }

  @Test func openAINamesDurations() {
    #expect(
      lines(.openAI) == [
        "x-ratelimit-limit-requests: 50", "x-ratelimit-remaining-requests: 49",
        "x-ratelimit-reset-requests: 1.2s", "x-ratelimit-limit-tokens: 48000",
        "x-ratelimit-remaining-tokens: 39000", "x-ratelimit-reset-tokens: 6m0s",
      ])
    var standing = LimitStanding()
    standing.inputTokens = self.standing.inputTokens
    #expect(lines(.openAI, standing).last == "x-ratelimit-reset-tokens: 2ms")
  }

  @Test func azureNamesWholeSeconds() {
    #expect(
      lines(.azure) == [
        "x-ratelimit-limit-requests: 50", "x-ratelimit-remaining-requests: 49",
        "x-ratelimit-reset-requests: 2", "x-ratelimit-renewalperiod-requests: 60",
        "x-ratelimit-limit-tokens: 48000", "x-ratelimit-remaining-tokens: 39000",
        "x-ratelimit-reset-tokens: 360", "x-ratelimit-renewalperiod-tokens: 60",
      ])
  }

  @Test func mistralAndHuggingFaceHaveTheirOwn() {
    #expect(
      lines(.mistral) == [
        "x-ratelimit-limit-req-minute: 50", "x-ratelimit-remaining-req-minute: 49",
        "x-ratelimit-limit-tokens-minute: 48000", "x-ratelimit-remaining-tokens-minute: 39000",
      ])
    #expect(
      lines(.huggingFace) == [
        "ratelimit: \"api\";r=49;t=2", "ratelimit-policy: \"fixed window\";\"api\";q=50;w=60",
      ])
  }

  @Test func whatIsNotLimitedHasNoHeaders() {
    #expect(lines(.gemini).isEmpty)
    #expect(lines(.none).isEmpty)
    for shape in LimitShape.allCases { #expect(lines(shape, LimitStanding()).isEmpty) }
  }

  @Test func theFarthestTimesAreWritten() {
    var standing = LimitStanding()
    standing.requests = .init(limit: 1, remaining: 0, fullAt: .distantFuture, period: .max)
    for shape in LimitShape.allCases { _ = lines(shape, standing) }
    #expect(lines(.anthropic, standing).last?.hasSuffix("Z") == true)
  }

  @Test(
    "The recording says whose headers they are",
    arguments: [
      (
        "anthropic", "https://api.anthropic.com/v1/messages", "/v1/messages", "",
        LimitShape.anthropic
      ),
      ("openai-chat", "https://api.openai.com/v1/x", "/v1/chat/completions", "", .openAI),
      ("openai-chat", "https://me.openai.azure.com/x", "/x", "", .azure),
      ("openai-chat", "http://127.0.0.1/x", "/openai/deployments/a/chat/completions", "", .azure),
      (
        "openai-responses", "https://gw.example/x", "/x", "X-RateLimit-RenewalPeriod-Requests",
        .azure
      ),
      ("openai-chat", "https://api.mistral.ai/v1/x", "/x", "", .mistral),
      ("openai-chat", "https://gw.example/x", "/x", "x-ratelimit-limit-req-minute", .mistral),
      ("openai-chat", "https://router.huggingface.co:443/x", "/x", "", .huggingFace),
      ("gemini", "https://generativelanguage.googleapis.com/x", "/x", "", .gemini),
      ("plain", "https://notmistral.ai/x", "/v1/completions", "", .openAI),
      ("plain", "https://example.com/x", "/x", "", .none),
    ])
  func shape(dialect: String, url: String, path: String, field: String, shape: LimitShape) {
    let headers = field.isEmpty ? [] : [HeaderField(field, "1")]
    #expect(
      LimitShape(headers: headers, url: url, path: path, dialect: dialect) == shape)
  }

  @Test func everyShapesFieldsAreKnownAsRecordedOnes() {
    for shape in LimitShape.allCases {
      for line in lines(shape) {
        #expect(LimitShape.isField(String(line.prefix { $0 != ":" }).uppercased()), "\(line)")
      }
    }
    #expect(!LimitShape.isField("retry-after"))
    #expect(!LimitShape.isField("content-type"))
  }

  @Test func usageIsReadInEveryDialectsWords() throws {
    func usage(_ text: String) throws -> TokenUsage {
      TokenUsage(try JSONValue(parsing: Array(text.utf8)))
    }
    let cases: [(String, Int64?, Int64?)] = [
      (
        #"{"input_tokens":9,"cache_creation_input_tokens":5,"cache_read_input_tokens":70,"output_tokens":3}"#,
        14, 3
      ),
      (#"{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}"#, 9, 3),
      (#"{"promptTokenCount":9,"candidatesTokenCount":3,"thoughtsTokenCount":4}"#, 9, 7),
      (#"{"output_tokens":3}"#, nil, 3), (#"{"input_tokens":-4}"#, nil, nil), (#"{}"#, nil, nil),
      (#"{"input_tokens":9223372036854775807}"#, Quota.largestAmount, nil),
    ]
    for (text, input, output) in cases {
      #expect(try usage(text) == TokenUsage(input: input, output: output))
    }
  }

  @Test func aPartOfAnAnswerCostsItsPartRoundedUp() {
    #expect(TokenUsage.part(of: 100, sent: 0, of: 1000) == 0)
    #expect(TokenUsage.part(of: 100, sent: 1, of: 1000) == 1)
    #expect(TokenUsage.part(of: 100, sent: 505, of: 1000) == 51)
    #expect(TokenUsage.part(of: 100, sent: 1000, of: 1000) == 100)
    #expect(TokenUsage.part(of: 100, sent: 0, of: 0) == 100)
    #expect(TokenUsage.part(of: .max, sent: .max - 1, of: .max) > 0)
    #expect(TokenUsage.estimate(bytes: 0) == 0)
    #expect(TokenUsage.estimate(bytes: 5) == 2)
  }
}
