import Cassettes
import Deck
import LosslessJSON
import Testing

@Suite("The deck's own pages are for its own users")
struct ControlTests {
  static let one = [Exchange.recorded(["data: a\n\n"])]

  @Test("pages answer requests for the deck's own address or a name that was allowed, no others")
  func hosts() async throws {
    let configure: @Sendable (inout DeckConfiguration) -> Void = {
      $0.allowedHosts = ["deck.example", "Other.example:81"]
    }
    try await TestDeck.serve(Self.one, configure) { (port) throws in
      let status = { try control(port, "metrics", host: $0).status }
      for host in [
        "127.0.0.1:\(port)", "localhost:\(port)", "LocalHost:\(port)", "[::1]:\(port)",
        "deck.example", "deck.example:9", "other.example:81",
      ] {
        #expect(try status(host) == "200", "\(host)")
      }
      for host in [
        "127.0.0.1:80", "localhost:1", "evil.example:\(port)", "127.0.0.1.evil.example:\(port)",
        "other.example", "deck.example.evil", "[::2]:\(port)", "",
      ] {
        #expect(try status(host) == "403", "\(host)")
      }
      #expect(try control(port, "metrics", host: "x\r\nhost: localhost:\(port)").status != "200")
      #expect(try control(port, "health", host: "evil.example").status == "403")
      let refused = try control(port, "metrics", host: "evil.example:1").body
      #expect(refused.contains("--allow-host evil.example"))
    }
  }

  @Test("a web page from elsewhere is shown nothing, whatever address it asks")
  func origins() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let status = { (origin: String) in
        try control(port, "api/journal", headers: ["origin: \(origin)"]).status
      }
      for origin in ["http://localhost:3000", "http://127.0.0.1:\(port)", "http://[::1]"] {
        #expect(try status(origin) == "200", "\(origin)")
      }
      for origin in ["https://evil.example", "null", "http://localhost.evil.example:3000"] {
        #expect(try status(origin) == "403", "\(origin)")
      }
    }
  }

  @Test("a token that is set is needed by every page but the health")
  func token() async throws {
    for host in ["127.0.0.1", "0.0.0.0"] {
      let configure: @Sendable (inout DeckConfiguration) -> Void = {
        $0.host = host
        $0.token = "s3cret"
      }
      try await TestDeck.serve(Self.one, configure) { (port) throws in
        let status = { try control(port, $0, headers: $1).status }
        for page in ["metrics", "api/journal", "api/exchanges", "api/sessions/a"] {
          #expect(try status(page, []) == "401")
          #expect(try status(page, ["authorization: Bearer s3creT"]) == "401")
          #expect(try status(page, ["authorization: Basic s3cret"]) == "401")
        }
        #expect(try status("metrics", ["authorization: bearer s3cret"]) == "200")
        #expect(try status("health", []) == "200")
      }
    }
  }

  @Test("beyond loopback nobody sees the pages where there is no token")
  func beyondLoopback() async throws {
    try await TestDeck.serve(Self.one, { $0.host = "0.0.0.0" }) { (port) throws in
      #expect(try control(port, "metrics").status == "403")
      #expect(try control(port, "health").status == "200")
      #expect(try ask(port).text.hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("each page knows its methods, and what is no page is a 404 that names them")
  func methods() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      for page in ["health", "metrics", "api/journal", "api/exchanges", "api/sessions/a"] {
        #expect(try control(port, page, method: "POST").status == "405")
        #expect(try control(port, page, method: "OPTIONS").status == "204")
      }
      #expect(try control(port, "metrics", method: "DELETE").status == "405")
      #expect(try control(port, "metrics", method: "HEAD").body.isEmpty)
      for page in ["", "api", "api/journal/", "api/sessions/", "healthy"] {
        let answer = try control(port, page)
        #expect(answer.status == "404" && answer.body.contains("/~/api/journal"))
      }
    }
  }

  @Test("the exchanges are listed with what finds them")
  func exchanges() async throws {
    var second = Exchange.failed(529, at: 1)
    second.request.path = "/v1/other?key=****"
    try await TestDeck.serve([Self.one[0], second], also: [("sub/x", Self.one)]) {
      (port) throws in
      let list = try #require(try page(port, "api/exchanges").elements)
      #expect(
        list.map { String(decoding: $0.bytes, as: UTF8.self) } == [
          #"{"cassette":"main","number":1,"id":"9f2c41d07ab35e00","method":"POST","#
            + #""path":"/v1/messages","status":200,"dialect":"anthropic","bytes":9}"#,
          #"{"cassette":"main","number":2,"id":"9f2c41d07ab35e01","method":"POST","#
            + #""path":"/v1/other?key=****","status":529,"dialect":"plain","bytes":14}"#,
          #"{"cassette":"sub/x","number":1,"id":"9f2c41d07ab35e00","method":"POST","#
            + #""path":"/v1/messages","status":200,"dialect":"anthropic","bytes":9}"#,
        ])
    }
  }

  @Test("metrics are the text that Prometheus reads, and count what happened")
  func metrics() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      _ = try ask(port, "/~session=a/v1/messages")
      _ = try ask(port, "/~fault=reset@byte:3/~pace=instant/v1/messages")
      _ = try ask(port, "/none")
      let text = try control(port, "metrics").body
      let lines = text.split(separator: "\n")
      for line in lines where !line.hasPrefix("#") {
        let pattern = #/[a-z_]+({[a-z]+="[a-z0-9.-]+"(,[a-z]+="[a-z0-9.-]+")*})? [0-9]+(\.[0-9]+)?/#
        #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
      }
      for expected in [
        "tapedeck_requests_total 3", "tapedeck_misses_total 1", "tapedeck_sessions 2",
        "tapedeck_request_body_bytes 0", "tapedeck_answers_in_progress 0",
        "tapedeck_answers_total{ended=\"complete\"} 2",
        "tapedeck_answers_total{ended=\"reset\"} 1", "tapedeck_faults_total{fault=\"reset\"} 1",
        "# TYPE tapedeck_write_lateness_seconds summary", "tapedeck_events_total 1",
      ] {
        #expect(lines.contains { $0 == expected }, "\(expected)")
      }
      let count = lines.first { $0.hasPrefix("tapedeck_write_lateness_seconds_count ") }
      #expect(Int(count?.split(separator: " ").last ?? "0") ?? 0 >= 3)
    }
  }
}
