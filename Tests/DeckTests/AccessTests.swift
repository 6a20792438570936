import Cassettes
import Deck
import LosslessJSON
import Testing

@Suite("A deck answers its own users only")
struct AccessTests {
  static let one = [Exchange.recorded(["data: a\n\n"])]

  private static func status(
    _ port: Int, host: String? = nil, target: String = "/v1/messages", _ headers: [String] = []
  ) throws -> String {
    let client = try RawClient(port: port)
    let fields = ["host: \(host ?? "127.0.0.1:\(port)")", "connection: close", "content-length: 0"]
    let lines = ["POST \(target) HTTP/1.1"] + fields + headers
    client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
    let text = String(decoding: client.readToEnd().bytes, as: UTF8.self)
    if !headers.isEmpty, text.hasPrefix("HTTP/1.1 403") {
      #expect(!text.contains("access-control-"))
    }
    return text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
  }

  @Test("a request that names another host is refused, whatever it asks")
  func hosts() async throws {
    try await TestDeck.serve(Self.one, { $0.allowedHosts = ["tape.example", "b.example:81"] }) {
      (port) throws in
      for host in [
        "127.0.0.1:\(port)", "127.0.0.1", "localhost", "LOCALHOST:\(port)", "localhost.:\(port)",
        "[::1]:\(port)",
        "app.localhost:\(port)", "[0:0:0:0:0:0:0:1]:\(port)", "[::ffff:127.0.0.1]:\(port)",
        "Tape.example", "tape.example:9", "b.example:81",
      ] {
        #expect(try Self.status(port, host: host) == "200", "\(host)")
      }
      for host in [
        "", "127.0.0.1:80", "localhost:1", "rebound.example:\(port)", "b.example",
        "0.0.0.0:\(port)",
        "127.0.0.1.evil.example:\(port)", "localhost.evil.example:\(port)",
        "evil@127.0.0.1:\(port)",
        "[::1]evil:\(port)", "[::2]:\(port)", "127.0.0.1:\(port):\(port)", "192.0.2.1:\(port)",
      ] {
        #expect(try Self.status(port, host: host) == "403", "\(host)")
      }
    }
  }

  @Test("in absolute form the target names the host too")
  func absoluteForm() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let own = "http://127.0.0.1:\(port)/v1/messages"
      #expect(try Self.status(port, target: own) == "200")
      #expect(try Self.status(port, host: "evil.example", target: own) == "403")
      for other in ["http://evil.example/v1", "http://127.0.0.1:\(port)@evil.example/v1"] {
        #expect(try Self.status(port, target: other) == "403", "\(other)")
      }
      let proxied = try ask(port, "http://api.example.com/v1/messages")
      #expect(proxied.text.contains("the deck is not a proxy"))
    }
  }

  @Test("an address of the machine is the deck's own where it listens on all")
  func everywhere() async throws {
    for host in ["0.0.0.0", "127.0.0.1"] {
      try await TestDeck.serve(Self.one, { $0.host = host }) { (port) throws in
        #expect(try Self.status(port) == "200")
        #expect(try Self.status(port, host: "192.0.2.1:\(port)") == "403")
        #expect(
          try Self.status(port, host: "0.0.0.0:\(port)") == (host == "0.0.0.0" ? "200" : "403"))
      }
    }
  }

  @Test("an HTTP/1.0 request without a host is refused, and told what to add")
  func noHost() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let client = try RawClient(port: port)
      client.send("GET /v1/messages HTTP/1.0\r\n\r\n")
      let text = String(decoding: client.readToEnd().bytes, as: UTF8.self)
      #expect(text.hasPrefix("HTTP/1.1 403") && text.contains("host: 127.0.0.1:\(port)"))
    }
  }

  @Test("a page of another origin is refused; one of this machine is not")
  func origins() async throws {
    let configure: @Sendable (inout DeckConfiguration) -> Void = {
      $0.allowedOrigins = ["https://app.example", "chrome-extension://abc"]
      $0.allowedHosts = ["tape.example"]
    }
    try await TestDeck.serve(Self.one, configure) { (port) throws in
      let crossSite = "sec-fetch-site: cross-site"
      for origin in [
        "http://localhost:3000", "http://127.0.0.1", "https://127.8.9.1:1", "http://[::1]:5",
        "http://app.localhost", "https://APP.example", "chrome-extension://abc",
      ] {
        for more in [[], [crossSite], ["sec-fetch-site: same-site"]] {
          #expect(try Self.status(port, ["origin: \(origin)"] + more) == "200", "\(origin)")
        }
      }
      for origin in [
        "https://evil.example", "null", "", "http://localhost.evil.example:3000", "file://",
        "http://127.0.0.1.evil.example", "https://app.example.evil", "https://app.example:8443",
        "http://app.example", "localhost", "http://evil@localhost", "http://\u{E9}.example",
        "http://tape.example",
      ] {
        #expect(try Self.status(port, ["origin: \(origin)"]) == "403", "\(origin)")
      }
      #expect(try Self.status(port, [crossSite]) == "403")
      #expect(try Self.status(port, ["Sec-Fetch-Site: Cross-Site"]) == "403")
      for site in ["none", "same-origin", "same-site"] {
        #expect(try Self.status(port, ["sec-fetch-site: \(site)"]) == "200")
      }
      // What undici sends, which is no browser.
      #expect(try Self.status(port, ["sec-fetch-mode: cors"]) == "200")
      // The deck's own page, by a name that was allowed.
      let own = ["origin: http://tape.example:\(port)"]
      #expect(try Self.status(port, host: "tape.example:\(port)", own) == "200")
      #expect(
        try Self.status(port, ["origin: http://localhost", "origin: http://evil.example"]) == "403")
    }
  }

  @Test("what is refused so is counted as nothing, and changes no session")
  func uncounted() async throws {
    let exchanges = [Exchange.failed(529, at: 0), .recorded(["data: ok\n\n"], at: 1)]
    let (_, report) = try await TestDeck.serve(exchanges) { (port) throws in
      let foreign = ["origin: https://evil.example"]
      for path in ["/~session=a/v1/messages", "/none", "/~session=a/~nope=1/x", "/~/api/journal"] {
        #expect(try Self.status(port, target: path, foreign) == "403")
      }
      #expect(try control(port, "api/sessions/a").status == "404")
      let metrics = try control(port, "metrics").body
      for line in [
        "tapedeck_requests_total 1", "tapedeck_refused_total 1", "tapedeck_foreign_total 4",
        "tapedeck_misses_total 0",
      ] {
        #expect(metrics.contains("\(line)\n"), "\(line)")
      }
      #expect(try ask(port, "/~session=a/v1/messages").text.hasPrefix("HTTP/1.1 529"))
      let entries = try journal(port)
      #expect(
        entries.map { $0["status"]?.bytes == Array("403".utf8) } == [true, true, true, false])
      #expect(entries.prefix(3).allSatisfy { $0["session"] == .null && $0["attempt"] == .null })
    }
    #expect(report.counts.foreign == 4 && report.refusedCount == 0 && report.counts.misses == 0)
  }

  @Test("a preflight is answered for pages that may ask, and refused for others")
  func preflight() async throws {
    try await TestDeck.serve(Self.one, { $0.allowedOrigins = ["https://app.example"] }) {
      (port) throws in
      let preflight = { (origin: String) in
        try ask(
          port, "/~session=a/v1/messages", method: "OPTIONS",
          headers: [
            "origin: \(origin)", "access-control-request-method: POST",
            "access-control-request-private-network: true",
          ]
        ).text
      }
      let allowed = try preflight("https://app.example")
      #expect(allowed.hasPrefix("HTTP/1.1 204"))
      #expect(allowed.contains("access-control-allow-origin: https://app.example\r\n"))
      #expect(allowed.contains("access-control-allow-private-network: true\r\n"))
      #expect(allowed.contains("vary: origin"))
      let refused = try preflight("https://evil.example")
      #expect(refused.hasPrefix("HTTP/1.1 403") && !refused.contains("access-control-"))
      let answer = try ask(port, headers: ["origin: https://app.example"]).text
      #expect(answer.contains("vary: origin\r\n"))
    }
  }

  @Test("a body that would be refused is not asked for")
  func expectation() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let client = try RawClient(port: port)
      client.send(
        "POST /v1/messages HTTP/1.1\r\nhost: evil.example\r\ncontent-length: 3\r\n"
          + "expect: 100-continue\r\n\r\n")
      let (bytes, end) = client.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 403"))
      #expect(end == .closed)
    }
  }
}
