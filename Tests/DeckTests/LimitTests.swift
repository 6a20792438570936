import Cassettes
import Deck
import HTTP
import LosslessJSON
import Quotas
import Testing

@Suite("A deck has the limits of a provider")
struct LimitTests {
  private static let events = [
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":"
      + "\"message\",\"role\":\"assistant\",\"content\":[],\"model\":\"x\",\"usage\":"
      + "{\"input_tokens\":10,\"output_tokens\":1}}}\n\n",
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
      + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
      + "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n",
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
      + "\"end_turn\"},\"usage\":{\"output_tokens\":100}}\n\n",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
  ]

  static let exchange = Exchange.recorded(
    events,
    headers: [
      HeaderField("content-type", "text/event-stream"),
      HeaderField("anthropic-ratelimit-requests-remaining", "3999"),
      HeaderField("request-id", "req_1"),
    ])

  @discardableResult
  private static func serve<Result: Sendable>(
    _ limits: [String], of exchanges: [Exchange] = [exchange], outages: [String] = [],
    _ body: @escaping @Sendable (Int) throws -> Result
  ) async throws -> Result {
    try await TestDeck.serve(
      exchanges,
      { configuration in
        for text in limits { try configuration.provider.add(ProviderLimit(parsing: text)) }
        for text in outages { try configuration.provider.add(Outage(parsing: text)) }
      }, body
    ).value
  }

  private static func value(_ name: String, in text: String) -> String? {
    text.split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }.map {
      String($0.dropFirst(name.count + 2))
    }
  }

  private static func metric(_ port: Int, _ line: String) throws -> Int? {
    try control(port, "metrics").body.split(separator: "\n").first { $0.hasPrefix("\(line) ") }
      .flatMap { Int($0.dropFirst(line.count + 1)) }
  }

  /// Asks until a metric has a value, which is soon.
  private static func becomes(_ port: Int, _ line: String, _ wanted: Int) throws -> Bool {
    try (1...2000).contains { _ in try metric(port, line) == wanted }
  }

  @Test("each answer says what is left, and one too many is a 429 that says when to come again")
  func requests() async throws {
    try await Self.serve(["requests=2/h"]) { port in
      for left in ["1", "0"] {
        let (text, end) = try ask(port)
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(end == .closed)
        #expect(text.hasSuffix("\r\n0\r\n\r\n"))
        #expect(Self.value("anthropic-ratelimit-requests-limit", in: text) == "2")
        #expect(Self.value("anthropic-ratelimit-requests-remaining", in: text) == left)
        #expect(!text.contains("3999"))
        #expect(Self.value("request-id", in: text) == "req_1")
        let reset = Self.value("anthropic-ratelimit-requests-reset", in: text) ?? ""
        #expect((Timestamp.microseconds(rfc3339: reset) ?? 0) > Timestamp.now())
      }
      let (text, _) = try ask(port, "/~session=late/v1/messages")
      #expect(text.hasPrefix("HTTP/1.1 200 "), "a session is a client of its own")
      let (refused, _) = try ask(port)
      #expect(refused.hasPrefix("HTTP/1.1 429 "))
      #expect(refused.contains("\"type\":\"rate_limit_error\""))
      #expect(refused.contains("requests=2/h"))
      #expect(Self.value("anthropic-ratelimit-requests-remaining", in: refused) == "0")
      #expect(Self.value("x-should-retry", in: refused) == "true")
      let wait = Int(Self.value("retry-after", in: refused) ?? "") ?? 0
      #expect((1790...1800).contains(wait))
      let entry = try #require(try journal(port).last)
      #expect(entry["limit"]?["name"]?.text == "requests=2/h")
      #expect(entry["limit"]?["left"]?["requests"] == .number(0))
      #expect(entry["exchange"] == .null)
      #expect(try Self.metric(port, "tapedeck_limited_total{limit=\"requests=2/h\"}") == 1)
    }
  }

  @Test("the line that reproduces a 429 does so on a deck without limits")
  func reproduction() async throws {
    let line = try await Self.serve(["requests=1/h"]) { port in
      _ = try ask(port)
      _ = try ask(port)
      return try journal(port).last?["reproduce"]?.text ?? ""
    }
    #expect(line.contains("fault=status:429,retry-after="))
    try await TestDeck.serve([Self.exchange]) { port in
      let (text, _) = try ask(port, headers: ["tapedeck: \(line)"])
      #expect(text.hasPrefix("HTTP/1.1 429 "))
    }
  }

  @Test("whoever waits for a place gets it when the answer in front has ended, or its client left")
  func queue() async throws {
    try await Self.serve(["concurrency=1,queue=1"]) { port in
      let first = try RawClient(port: port)
      first.send(request("/~fault=hang@head/v1/messages"))
      #expect(try Self.becomes(port, "tapedeck_streams_active", 1))
      let second = try RawClient(port: port)
      second.send(request("/~pace=instant/v1/messages", headers: ["connection: close"]))
      #expect(try Self.becomes(port, "tapedeck_streams_waiting", 1))
      let (refused, _) = try ask(port)
      #expect(refused.hasPrefix("HTTP/1.1 429 "))
      #expect(Self.value("retry-after", in: refused) == "1")
      #expect(try journal(port)[1]["ended"] == .null)
      first.finish()
      let (bytes, end) = second.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
      #expect(end == .closed)
      let entry = try journal(port)[1]
      #expect(entry["ended"]?.text == "complete")
      #expect(entry["limit"]?["name"] == .null)
      #expect(entry["limit"]?["waited_ms"] != .null)
      #expect(try Self.metric(port, "tapedeck_streams_active") == 0)
    }
  }

  @Test("whoever leaves the line frees its place in it")
  func leaving() async throws {
    try await Self.serve(["concurrency=1,queue=1,per=all"]) { port in
      let first = try RawClient(port: port)
      first.send(request("/~fault=hang@head/v1/messages"))
      #expect(try Self.becomes(port, "tapedeck_streams_active", 1))
      let second = try RawClient(port: port)
      second.send(request())
      #expect(try Self.becomes(port, "tapedeck_streams_waiting", 1))
      #expect(try ask(port).text.hasPrefix("HTTP/1.1 529 "), "what all share is overloaded")
      second.finish()
      #expect(try Self.becomes(port, "tapedeck_streams_waiting", 0))
      #expect(try journal(port)[1]["ended"]?.text == "client")
      let third = try RawClient(port: port)
      third.send(request("/~pace=instant/v1/messages", headers: ["connection: close"]))
      #expect(try Self.becomes(port, "tapedeck_streams_waiting", 1))
      first.reset()
      let (bytes, _) = third.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test("a client that asks again behind the last byte finds the place free")
  func oneAfterTheOther() async throws {
    try await Self.serve(["concurrency=1"]) { port in
      let client = try RawClient(port: port)
      for _ in 0..<50 {
        client.send(request("/~pace=instant/v1/messages"))
        let text = client.read(until: "\r\n0\r\n\r\n")
        #expect(text.hasPrefix("HTTP/1.1 200 "))
      }
      for _ in 0..<50 {
        #expect(try ask(port, "/~pace=instant/v1/messages").text.hasPrefix("HTTP/1.1 200 "))
      }
    }
  }

  @Test(
    "an answer of a limit uses up no recording, be there a fault that would have answered or not",
    arguments: ["", "again"], ["", "/~fault=status:500,on=1"])
  func attempts(body: String, fault: String) async throws {
    let busy = Exchange.failed(529, at: 0)
    let good = Exchange.recorded(["data: a\n\n"], at: 1)
    let other = Exchange.recorded(["data: b\n\n"], target: "/v1/other", at: 2)
    try await Self.serve(
      ["concurrency=1,per=all,status=429"], of: [busy, good, other]
    ) { port in
      let holder = try RawClient(port: port)
      holder.send(request("/~fault=hang@head/v1/other"))
      #expect(try Self.becomes(port, "tapedeck_streams_active", 1))
      let target = "/~session=t1\(fault)/v1/messages"
      for _ in 0..<2 {
        #expect(try ask(port, target, body: body).text.hasPrefix("HTTP/1.1 429 "))
      }
      holder.finish()
      #expect(try Self.becomes(port, "tapedeck_streams_active", 0))
      #expect(try ask(port, target, body: body).text.hasPrefix("HTTP/1.1 529 "))
      #expect(try ask(port, target, body: body).text.hasPrefix("HTTP/1.1 200 "))
      let session = try page(port, "api/sessions/t1")
      #expect(session["limited"] == .number(2))
      #expect(session["attempts"]?.elements?.first?["attempts"] == .number(4))
      #expect(session["unplayed"]?.elements?.count == 1)
    }
  }

  @Test("a client that leaves in the middle pays for what was sent")
  func settling() async throws {
    try await Self.serve(["output-tokens=1000/h", "input-tokens=1000/h,per=all"]) { port in
      let left = "tapedeck_limit_left{limit=\"output-tokens=1000/h\"}"
      let start = ContinuousClock.now
      let client = try RawClient(port: port)
      let body = #"{"stream":true,"messages":[{"max_tokens":1}],"max_tokens":600}"#
      client.send(request("/~fault=hang@frac:0.5/v1/messages", body: body))
      #expect(client.read(until: "\r\n\r\n").contains("output-tokens-remaining: 400\r\n"))
      #expect(try Self.metric(port, left) == 400)
      _ = client.readSome()
      client.finish()
      #expect(try (1...2000).contains { _ in try Self.metric(port, left) != 400 })
      let now = try #require(try Self.metric(port, left))
      // What came back meanwhile, which on a busy machine is some.
      let refilled = Int((ContinuousClock.now - start).components.seconds + 4) * 10 / 36
      #expect((940...(955 + refilled)).contains(now), "half of 100 tokens: \(now)")
      let inputs = "tapedeck_limit_left{limit=\"input-tokens=1000/h,per=all\"}"
      #expect(try Self.metric(port, inputs) == 990)
      // All of it: what it used, not what it might have.
      #expect(try ask(port, body: body).text.hasSuffix("0\r\n\r\n"))
      #expect(try Self.metric(port, left) == now - 100)
    }
  }

  @Test("in an outage everybody gets the error of the API that was asked")
  func outage() async throws {
    let chat = Exchange.recorded(
      ["data: {\"object\":\"chat.completion.chunk\",\"choices\":[]}\n\n"],
      target: "/v1/chat/completions", at: 1)
    try await Self.serve([], of: [Self.exchange, chat], outages: ["0us..30m"]) { port in
      let (anthropic, _) = try ask(port)
      #expect(anthropic.hasPrefix("HTTP/1.1 529 "))
      #expect(anthropic.contains("overloaded_error"))
      #expect((1790...1800).contains(Int(Self.value("retry-after", in: anthropic) ?? "") ?? 0))
      #expect(try ask(port, "/v1/chat/completions").text.hasPrefix("HTTP/1.1 503 "))
      #expect(try journal(port).last?["limit"]?["name"]?.text == "outage 0us..30m")
      #expect(try control(port, "health").status == "200")
    }
  }

  @Test("what can never fit must not be tried again")
  func tooLarge() async throws {
    try await Self.serve(["input-tokens=5/m"]) { port in
      let (text, _) = try ask(port)
      #expect(text.hasPrefix("HTTP/1.1 429 "))
      #expect(Self.value("x-should-retry", in: text) == "false")
      #expect(Self.value("retry-after", in: text) == nil)
    }
  }

  @Test("each key has its own, whatever header it is in")
  func keys() async throws {
    try await Self.serve(["requests=1/h"]) { port in
      for header in ["authorization: Bearer a", "x-api-key: b", "x-goog-api-key: c", "api-key: d"] {
        #expect(try ask(port, headers: [header]).text.hasPrefix("HTTP/1.1 200 "), "\(header)")
        let again = try ask(port, "/~session=x/v1/messages", headers: [header]).text
        #expect(again.hasPrefix("HTTP/1.1 429 "), "\(header)")
      }
    }
  }

  @Test("a fault that a limit kept from firing says so")
  func faults() async throws {
    let report = try await TestDeck.serve(
      [Self.exchange],
      { try $0.provider.add(ProviderLimit(parsing: "input-tokens=1/m")) }
    ) { port in _ = try ask(port, "/~session=f/~fault=reset@event:2/v1/messages") }.report
    let unfired = report.failures(of: [.unfired])
    #expect(unfired.joined().contains("a limit refused the last request"))
    #expect(report.counts.limited == 1)
  }
}
