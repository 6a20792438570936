import Cassettes
import Formats
import HTTP
import Testing

@Suite("WireMock mappings")
struct WireMockFormatTests {
  private static func captures(_ text: String, files: [String: String] = [:]) throws -> [Capture] {
    try MockReading.captures(text.utf8, "wiremock", files: files)
  }

  @Test("One stub is an exchange; its body may stand in a file beside it")
  func oneStub() throws {
    let stub = """
      {"request":{"method":"POST","url":"/v1/messages?beta=1","headers":{"X-A":{"equalTo":"b"}},
       "bodyPatterns":[{"equalToJson":{"n":1.50}}]},
       "response":{"status":201,"headers":{"Content-Type":"text/plain","X-B":["1","2"]},
       "bodyFileName":"deep/answer.txt"}}
      """
    let capture = try #require(
      try Self.captures(stub, files: ["../__files/deep/answer.txt": "hello"]).first)
    #expect(capture.request.method == "POST")
    #expect(capture.request.url == "/v1/messages?beta=1")
    #expect(capture.request.headers.map(\.value) == ["b"])
    #expect(MockReading.text(capture.request.body) == #"{"n":1.50}"#)
    #expect(capture.status == 201)
    #expect(capture.headers.map(\.name) == ["Content-Type", "X-B", "X-B"])
    #expect(MockReading.text(capture.body) == "hello")
    #expect(capture.losses.isEmpty)
    #expect(try MockReading.exchange(capture).request.timing == .synthetic)
  }

  @Test("No stub can name a file outside of its folders")
  func outside() throws {
    for name in ["../../secret", "/etc/passwd", "a/../../b"] {
      let stub = #"{"request":{"url":"/a"},"response":{"bodyFileName":"\#(name)"}}"#
      let format = try #require(ImportFormats.named("wiremock").first)
      var rest = Array(stub.utf8)
      let input = ImportInput(
        feed: { _ in
          defer { rest = [] }
          return rest
        }, fileName: "x",
        sibling: { path in
          Issue.record("\(path) was asked for")
          return nil
        })
      try format.read(input) { capture in
        #expect(capture.losses == ["its body stands in the file \(name), which is not there"])
      }
    }
  }

  @Test("A dribble has a pause before each piece, behind the delay of the head")
  func dribble() throws {
    let stub = """
      {"request":{"urlPath":"/a","queryParameters":{"q":{"equalTo":"x y"}}},
       "response":{"body":"0123456789","fixedDelayMilliseconds":100,
       "chunkedDribbleDelay":{"numberOfChunks":3,"totalDuration":600}}}
      """
    let capture = try #require(try Self.captures(stub).first)
    #expect(capture.request.url == "/a?q=x%20y")
    let exchange = try MockReading.exchange(capture)
    #expect(exchange.head?.at.count == 100_000)
    #expect(exchange.chunks.map(\.end) == [3, 6, 10])
    #expect(exchange.chunks.map(\.at.count) == [300_000, 500_000, 700_000])
    #expect(exchange.request.timing == .synthetic)
  }

  @Test("A huge number of chunks makes no more of them than there are bytes")
  func hugeDribble() throws {
    let stub =
      #"{"request":{"url":"/a"},"response":{"body":"abc","chunkedDribbleDelay":"#
      + #"{"numberOfChunks":999999999999,"totalDuration":1e300}}}"#
    #expect(try MockReading.exchange(Self.captures(stub)[0]).chunks.count == 3)
  }

  @Test(
    "Faults are endings",
    arguments: [
      ("EMPTY_RESPONSE", Ending.How.unreachable), ("CONNECTION_RESET_BY_PEER", .unreachable),
      ("RANDOM_DATA_THEN_CLOSE", .unreachable), ("MALFORMED_RESPONSE_CHUNK", .malformed),
    ])
  func faults(name: String, how: Ending.How) throws {
    let stub = #"{"request":{"url":"/a"},"response":{"status":200,"fault":"\#(name)"}}"#
    let exchange = try MockReading.exchange(Self.captures(stub)[0])
    #expect(exchange.ending.how == how)
    #expect((exchange.head == nil) == (how == .unreachable))
    #expect(exchange.ending.detail == "WireMock's fault \(name)")
  }

  @Test("Stubs of a scenario come in its order, and priorities count")
  func order() throws {
    func stub(_ body: String, _ more: String) -> String {
      #"{"request":{"url":"/a"},"response":{"body":"\#(body)"}\#(more)}"#
    }
    let state = #","scenarioName":"s","requiredScenarioState""#
    let text =
      #"{"mappings":["#
      + [
        stub("third", #"\#(state):"two""#), stub("low", #","priority":9"#),
        stub("second", #"\#(state):"one","newScenarioState":"two""#),
        stub("first", #"\#(state):"Started","newScenarioState":"one""#),
        stub("high", #","priority":1"#),
      ].joined(separator: ",") + "]}"
    #expect(
      try Self.captures(text).map { MockReading.text($0.body) } == [
        "high", "first", "second", "third", "low",
      ])
  }

  @Test("What is no request is said")
  func losses() throws {
    let stub = """
      {"request":{"urlPathPattern":"/v1/mess[a-z]+","headers":{"A":{"contains":"b"}},
       "bodyPatterns":[{"contains":"x"}]},"response":{"jsonBody":{"a":[1, 2]}}}
      """
    let capture = try #require(try Self.captures(stub).first)
    #expect(capture.request.url == "/v1/mess")
    #expect(MockReading.text(capture.body) == #"{"a":[1,2]}"#)
    #expect(capture.losses.count == 4)
  }
}
