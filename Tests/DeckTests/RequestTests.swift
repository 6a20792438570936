import Cassettes
import Deck
import Planning
import Testing

@Suite("Requests are read within limits, and answered sanely")
struct RequestTests {
  static let one = [Exchange.recorded(["data: a\n\n"])]

  @Test("a directive that does not parse is a 400 that says where and why")
  func badDirective() async throws {
    let (_, report) = try await TestDeck.serve(Self.one) { (port) throws in
      let answer = try ask(port, "/~session=a/~pace=fast/v1/messages").text
      #expect(answer.hasPrefix("HTTP/1.1 400"))
      #expect(answer.contains("path segment 2: 'fast' is not a pace"))
      #expect(answer.contains(#"{"type":"error","error":{"type":"invalid_request_error""#))
      let header = try ask(port, headers: ["tapedeck: pace=1x;sed=1"]).text
      #expect(header.contains("header tapedeck, directive 2"))
      #expect(try ask(port, "/v1/~session=a/messages").text.hasPrefix("HTTP/1.1 400"))
      #expect(try ask(port, "/~fault=nonesuch/v1/messages").text.contains("no fault 'nonesuch'"))
    }
    #expect(report.counts.refused == 4)
  }

  @Test("a deck that requires a session answers without one with 400, but for its own pages")
  func requiredSession() async throws {
    try await TestDeck.serve(Self.one, { $0.requiresSession = true }) { (port) throws in
      #expect(try ask(port).text.hasPrefix("HTTP/1.1 400"))
      #expect(try ask(port, "/~session=a/v1/messages").text.hasPrefix("HTTP/1.1 200"))
      #expect(try ask(port, "/~/health", method: "GET").text.hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("without directives, segments and the header mean nothing")
  func noDirectives() async throws {
    let exchange = Exchange.recorded(["data: a\n\n"], target: "/~session=a/v1")
    try await TestDeck.serve([exchange], { $0.readsDirectives = false }) { (port) throws in
      let answer = try ask(port, "/~session=a/v1", headers: ["tapedeck: nonsense"]).text
      #expect(answer.hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("the deck's health says what it serves")
  func health() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let answer = try ask(port, "/~/health", method: "GET").text
      #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
      #expect(answer.contains(#"{"status":"ok","version":"\#(TapedeckVersion.current)""#))
      #expect(answer.contains(#""mode":"replay","cassettes":1,"exchanges":1"#))
      #expect(try ask(port, "/%7E/health", method: "GET").text.hasPrefix("HTTP/1.1 200 OK"))
      #expect(try ask(port, "/~/nothing", method: "GET").text.hasPrefix("HTTP/1.1 404"))
    }
  }

  @Test("HEAD has the fields of the GET and no body; the connection goes on")
  func head() async throws {
    let exchange = Exchange.recorded(["data: a\n\n"], method: "GET", target: "/x")
    try await TestDeck.serve([exchange]) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request("/x", method: "HEAD"))
      #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 OK"))
      client.send(request("/none", method: "HEAD"))
      #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 404"))
      client.send(request("/x", method: "GET"))
      #expect(client.read(until: "0\r\n\r\n").contains("data: a\n\n"))
    }
  }

  @Test("OPTIONS names the methods, and a preflight lets a page of this machine ask")
  func options() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let plain = try ask(port, method: "OPTIONS").text
      #expect(plain.hasPrefix("HTTP/1.1 204"))
      #expect(plain.contains("allow: OPTIONS, POST\r\n"))
      let preflight = try ask(
        port, "/~session=a/v1/messages", method: "OPTIONS",
        headers: [
          "origin: http://localhost:3000", "access-control-request-method: POST",
          "access-control-request-headers: authorization, x-api-key",
        ]
      ).text
      #expect(preflight.contains("access-control-allow-origin: http://localhost:3000\r\n"))
      #expect(preflight.contains("access-control-allow-methods: POST\r\n"))
      #expect(preflight.contains("access-control-allow-headers: authorization, x-api-key\r\n"))
      let answer = try ask(port, headers: ["origin: http://localhost:3000"]).text
      #expect(answer.contains("access-control-allow-origin: http://localhost:3000\r\n"))
    }
  }

  @Test("a client that expects 100 gets it, and then its answer")
  func expect() async throws {
    try await TestDeck.serve([.recorded(["data: a\n\n"], body: "abc")]) { (port) throws in
      let client = try RawClient(port: port)
      client.send(
        "POST /v1/messages HTTP/1.1\r\nhost: deck.test\r\ncontent-length: 3\r\nexpect: 100-continue\r\n\r\n"
      )
      #expect(client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      client.send("abc")
      #expect(client.read(until: "0\r\n\r\n").contains("data: a\n\n"))
    }
  }

  @Test("a client that waits to send its body is refused before it does")
  func expectRefused() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let client = try RawClient(port: port)
      client.send(
        "POST /~nope=1/v1 HTTP/1.1\r\nhost: deck.test\r\ncontent-length: 3\r\n"
          + "expect: 100-continue\r\n\r\n")
      let (bytes, end) = client.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 400"))
      #expect(end == .closed)
    }
  }

  @Test("a request that is refused for its directives is not counted as an attempt")
  func refusedUncounted() async throws {
    let exchanges = [Exchange.failed(529, at: 0), Exchange.recorded(["data: ok\n\n"], at: 1)]
    try await TestDeck.serve(exchanges) { (port) throws in
      for bad in ["~fault=nonesuch", "~cassette=nonesuch", "~exchange=9"] {
        #expect(try ask(port, "/~session=a/\(bad)/v1/messages").text.hasPrefix("HTTP/1.1 400"))
      }
      #expect(try ask(port, "/~session=a/v1/messages").text.hasPrefix("HTTP/1.1 529"))
    }
  }

  @Test(
    "what follows a request to upgrade is not read, and the connection closes behind the answer")
  func upgrade() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let client = try RawClient(port: port)
      client.send(
        request(headers: ["connection: Upgrade, HTTP2-Settings", "upgrade: h2c"]) + request())
      let (bytes, end) = client.readToEnd()
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains("connection: close\r\n"))
      #expect(text.hasSuffix("data: a\n\n\r\n0\r\n\r\n"))
      #expect(text.split(separator: "HTTP/1.1 200").count == 1)
      #expect(end == .closed)
    }
  }

  @Test("what is no request behind one that is costs it no byte of its answer")
  func garbageBehind() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request() + "garbage\r\n\r\n")
      let (bytes, end) = client.readToEnd()
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains("data: a\n\n\r\n0\r\n\r\nHTTP/1.1 400 "))
      #expect(end == .closed)
    }
  }

  @Test("a head that is too large is refused in so many words, though more of it is on its way")
  func largeHead() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let client = try RawClient(port: port)
      client.send("GET / HTTP/1.1\r\nhost: deck.test\r\n")
      let field = "x-a: " + String(repeating: "a", count: 8000) + "\r\n"
      for _ in 1...50 { client.send(field) }
      let (bytes, end) = client.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 431 "))
      #expect(end == .closed)
    }
  }

  @Test("nothing that a client sends becomes a line of the answer's head")
  func splitting() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      // U+010D and U+010A are CR and LF in their lower bytes.
      let origin = "http://a\u{10D}\u{10A}evil: 1"
      for method in ["POST", "OPTIONS"] {
        let fields = ["origin", "access-control-request-method", "access-control-request-headers"]
        let answer = try ask(port, method: method, headers: fields.map { "\($0): \(origin)" })
        #expect(answer.text.hasPrefix("HTTP/1.1 403"))
        #expect(!answer.text.contains("evil: 1\r\n") && !answer.text.contains("\r\nevil"))
      }
    }
  }

  @Test("a chunked request body is put together before it is matched")
  func chunkedRequest() async throws {
    let configure: @Sendable (inout DeckConfiguration) -> Void = { $0.matchesBody = true }
    try await TestDeck.serve([.recorded(["data: a\n\n"], body: "abcdef")], configure) {
      (port) throws in
      let client = try RawClient(port: port)
      client.send(
        "POST /v1/messages HTTP/1.1\r\nhost: deck.test\r\ntransfer-encoding: chunked\r\n\r\n")
      client.send("3\r\nabc\r\n")
      client.send("3\r\ndef\r\n0\r\n\r\n")
      #expect(client.read(until: "0\r\n\r\n").contains("data: a\n\n"))
    }
  }

  @Test("an HTTP/1.0 client gets the body to the connection's end")
  func http10() async throws {
    try await TestDeck.serve([.recorded(["data: a\n\n"], method: "GET")]) { (port) throws in
      let client = try RawClient(port: port)
      client.send("GET /v1/messages HTTP/1.0\r\nhost: deck.test\r\n\r\n")
      let (bytes, end) = client.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("\r\n\r\ndata: a\n\n"))
      #expect(end == .closed)
    }
  }

  @Test(
    "what exceeds a limit, or is no request, is refused and the connection closed",
    arguments: [
      ("POST /v1/messages HTTP/1.1\r\nhost: deck.test\r\ncontent-length: 101\r\n\r\n", "413"),
      (
        "POST /v1/messages HTTP/1.1\r\nhost: deck.test\r\ntransfer-encoding: chunked\r\n\r\n65\r\n"
          + String(repeating: "x", count: 101) + "\r\n", "413"
      ),
      (
        "GET / HTTP/1.1\r\nhost: deck.test\r\nx-a: \(String(repeating: "a", count: 3000))\r\n\r\n",
        "431"
      ),
      ("GET /\(String(repeating: "a", count: 3000)) HTTP/1.1\r\nhost: deck.test\r\n\r\n", "431"),
      ("nonsense\r\n\r\n", "400"), ("GET / HTTP/9.9\r\n\r\n", "400"),
      ("POST / HTTP/1.1\r\nhost: deck.test\r\ncontent-length: -1\r\n\r\n", "400"),
      ("POST / HTTP/1.1\r\nhost: deck.test\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "400"),
      ("\u{80}\u{02}", "400"),
    ])
  func limits(text: String, status: String) async throws {
    let configure: @Sendable (inout DeckConfiguration) -> Void = {
      $0.limits.bodyBytes = 100
      $0.limits.headBytes = 2048
    }
    try await TestDeck.serve(Self.one, configure) { (port) throws in
      let client = try RawClient(port: port)
      client.send(text)
      let (bytes, end) = client.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 \(status) "))
      #expect(end == .closed)
    }
  }

  @Test("connections beyond the limit are told so, and one that sends nothing is closed")
  func connections() async throws {
    let configure: @Sendable (inout DeckConfiguration) -> Void = {
      $0.limits.connections = 2
      $0.limits.idle = Microseconds(saturating: 2_000_000)
    }
    try await TestDeck.serve(Self.one, configure) { (port) throws in
      let held = try (1...2).map { _ in try RawClient(port: port) }
      // Answered requests show that both are admitted.
      for client in held {
        client.send(request())
        #expect(client.read(until: "0\r\n\r\n").hasPrefix("HTTP/1.1 200"))
      }
      #expect(try ask(port).text.hasPrefix("HTTP/1.1 503"))
      held[0].send("POST /v1/messages HT")
      for client in held {
        #expect(client.readToEnd().end == .closed)
        client.finish()
      }
      #expect(try isAnswered(port))
    }
  }

  @Test("sessions, and the requests of one, are bounded")
  func sessions() async throws {
    let configure: @Sendable (inout DeckConfiguration) -> Void = {
      $0.limits.sessions = 2
      $0.limits.requestsPerSession = 2
    }
    try await TestDeck.serve(Self.one, configure) { (port) throws in
      let status = { (target: String, body: String) in
        try ask(port, target, body: body).text.split(separator: " ")[1]
      }
      #expect(try status("/~session=a/v1/messages", "") == "200")
      #expect(try status("/~session=b/v1/messages", "") == "200")
      #expect(try status("/~session=c/v1/messages", "") == "503")
      #expect(try status("/~session=a/v1/messages", "1") == "200")
      #expect(try status("/~session=a/v1/messages", "2") == "503")
      // What it knows already costs nothing.
      #expect(try status("/~session=a/v1/messages", "1") == "200")
    }
  }

  @Test(
    "a request that says not whom it is for, or is coded in an unknown way, is refused",
    arguments: [
      ("GET / HTTP/1.1\r\n\r\n", "400"),
      ("GET / HTTP/1.1\r\nhost: deck.test\r\nhost: deck.test\r\n\r\n", "400"),
      ("GET / HTTP/1.0\r\n\r\n", "403"),
      ("GET / HTTP/1.0\r\nhost: deck.test\r\nhost: deck.test\r\n\r\n", "400"),
      ("POST / HTTP/1.1\r\nhost: deck.test\r\ntransfer-encoding: gzip, chunked\r\n\r\n", "501"),
    ])
  func ambiguous(text: String, status: String) async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let client = try RawClient(port: port)
      client.send(text)
      let (bytes, end) = client.readToEnd()
      #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 \(status)"))
      #expect(end == .closed)
    }
  }

  @Test("noise on the socket is refused or ignored, and never ends the deck")
  func noise() async throws {
    try await TestDeck.serve(Self.one, { $0.limits.idle = Microseconds(saturating: 200_000) }) {
      (port) throws in
      var state: UInt64 = 7
      for _ in 1...200 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let client = try RawClient(port: port)
        let whole = request("/~pace=instant/v1/messages", headers: ["x: \u{7F}\(state)"])
        var scalars = Array(whole.unicodeScalars)
        let place = Int(state >> 33) % scalars.count
        scalars[place] = Unicode.Scalar(UInt8(truncatingIfNeeded: state >> 20) & 0x7F)
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.prefix(Int(state >> 12) % scalars.count + 1))
        client.send(String(text))
      }
      #expect(try ask(port).text.hasPrefix("HTTP/1.1 200"))
    }
  }
}
