import Cassettes
import HTTP
import Planning
import Testing

@Suite("The head goes out as recorded, but for what framing makes")
struct HeadTests {
  @Test("framing and hop-by-hop fields are made anew; all others keep their order and their bytes")
  func fields() throws {
    let exchange = PlanText.exchange(
      "head@10 | complete@30",
      headers: [
        HeaderField("X-B", "2"), HeaderField("Content-Length", "5"), HeaderField("X-A", "é"),
        HeaderField("Transfer-Encoding", "gzip, chunked"),
        HeaderField("Connection", "close, x-hop"),
        HeaderField("X-Hop", "1"), HeaderField("Keep-Alive", "timeout=5"), HeaderField("X-B", "3"),
      ])
    let plan = try Planner().plan(exchange)
    let expected =
      Array("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nX-B: 2\r\nX-A: ".utf8) + [0xE9]
      + Array("\r\nX-B: 3\r\ntransfer-encoding: chunked\r\n\r\n".utf8)
    #expect(Array(plan.wire.prefix(expected.count)) == expected)
  }

  @Test("a body that was decoded loses its content coding, one that was not keeps it")
  func contentCoding() throws {
    var exchange = PlanText.exchange(
      "head@10 | complete@30", headers: [HeaderField("content-encoding", "gzip")])
    #expect(PlanText.head(try Planner().plan(exchange)).contains("content-encoding: gzip"))
    exchange.head?.decoded = "gzip"
    #expect(!PlanText.head(try Planner().plan(exchange)).contains("content-encoding: gzip"))
  }

  @Test(
    "a location on the deck gets the client's directives back, any other stays",
    arguments: [
      ("/v2/x?a=1", "/~session=t1/v2/x?a=1"),
      ("https://api.example.com/v2/x", "/~session=t1/v2/x"),
      ("https://api.example.com", "/~session=t1/"),
      ("https://api.example.community/v2", "https://api.example.community/v2"),
      ("https://other.example.com/v2/x", "https://other.example.com/v2/x"),
      ("//other.example.com/v2/x", "//other.example.com/v2/x"), ("x", "x"),
    ])
  func location(recorded: String, expected: String) throws {
    let exchange = PlanText.exchange(
      "head@10 | complete@30", status: 307, headers: [HeaderField("location", recorded)])
    let client = ClientTraits(prefix: "/~session=t1")
    let plan = try Planner().plan(exchange, PlanOptions(client: client))
    #expect(PlanText.head(plan).contains("location: \(expected)"))
  }

  @Test("an HTTP/1.0 client gets no chunked coding, and the connection's end as the body's")
  func http10() throws {
    let exchange = PlanText.exchange("head@10 | [abc]@20 | complete@30")
    let client = ClientTraits(speaksHTTP10: true, closes: true)
    let plan = try Planner().plan(exchange, PlanOptions(client: client))
    #expect(PlanText.framed(plan) == "abc")
    #expect(PlanText.head(plan).contains("connection: close"))
    #expect(plan.closesConnection)
  }

  @Test("the answer to a HEAD, a 204 and a 304 have no body", arguments: [200, 204, 304])
  func noBody(status: Int) throws {
    let exchange = PlanText.exchange("head@10 | [abc]@20 | complete@30", status: status)
    let client = ClientTraits(wantsHeadOnly: status == 200)
    let plan = try Planner().plan(exchange, PlanOptions(client: client))
    #expect(PlanText.line(plan) == "10 head, 30 complete")
    #expect(PlanText.framed(plan) == "")
    #expect(!plan.closesConnection)
  }

  @Test("the answer to a HEAD keeps the length that it tells")
  func headLength() throws {
    var exchange = PlanText.exchange(
      "head@10 | complete@30", headers: [HeaderField("content-length", "50")])
    #expect(!PlanText.head(try Planner().plan(exchange)).contains("content-length: 50"))
    exchange.request.method = "HEAD"
    let options = PlanOptions(client: ClientTraits(wantsHeadOnly: true))
    #expect(PlanText.head(try Planner().plan(exchange, options)).contains("content-length: 50"))
  }

  @Test("a browser's page of any origin may read the answer and its fields")
  func origin() throws {
    let exchange = PlanText.exchange(
      "head@10 | complete@30", headers: [HeaderField("Access-Control-Allow-Origin", "https://x")])
    let client = ClientTraits(origin: "http://localhost:3000")
    let head = PlanText.head(try Planner().plan(exchange, PlanOptions(client: client)))
    #expect(
      head.filter { $0.lowercased().hasPrefix("access-control-allow-origin") }
        == ["access-control-allow-origin: http://localhost:3000"])
    #expect(head.contains("access-control-expose-headers: content-type"))
  }
}

@Suite("A generated 429 tells of its limits in the API's own headers")
struct RateLimitTests {
  @Test(
    "the reset has the form of the provider",
    arguments: [
      ("/v1/messages", "anthropic-ratelimit-requests-reset: 2026-11-22T11:00:02Z"),
      ("/v1/messages", "anthropic-ratelimit-tokens-remaining: 0"),
      ("/v1/messages", "retry-after-ms: 1500"), ("/v1/messages", "retry-after: 2"),
      ("/v1/chat/completions", "x-ratelimit-reset-requests: 1.5s"),
      ("/v1/responses", "x-ratelimit-remaining-tokens: 0"),
    ])
  func headers(target: String, expected: String) throws {
    var exchange = PlanText.exchange("head@10 | [data: a\\n\\n]@20 | complete@30")
    exchange.request.url = "https://api.example.com\(target)"
    let fault = try FaultSpec(parsing: "status:429,retry-after=1.5s")
    let plan = try Planner().plan(exchange, PlanOptions(faults: [fault]))
    #expect(PlanText.head(plan).contains(expected))
  }
}
