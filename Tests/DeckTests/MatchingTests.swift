import Cassettes
import Deck
import HTTP
import LosslessJSON
import Matching
import Planning
import Testing

@Suite("A request is matched by method, path and body, and the attempt selects")
struct MatchingTests {
  /// What the answers say, to tell recordings apart.
  private static func says(_ text: String) -> String {
    text.split(separator: "data: ").last.map { String($0.prefix { !$0.isNewline }) } ?? text
  }

  @Test("an equal body wins, compared as JSON where both are")
  func bodies() async throws {
    let exchanges = [
      Exchange.recorded(["data: a\n\n"], body: #"{"a":1,"b":[1.0,"é"]}"#),
      Exchange.recorded(["data: b\n\n"], body: #"{"a":1,"b":[1.1,"é"]}"#),
      Exchange.recorded(["data: c\n\n"], body: "plain"),
    ]
    try await TestDeck.serve(exchanges, { $0.matchesBody = true }) { (port) throws in
      let says = { (body: String) in Self.says(try ask(port, body: body).text) }
      #expect(try says(#"{ "b": [1e0, "\u00e9"], "a": 1 }"#) == "a")
      #expect(try says(#"{"b":[11e-1,"é"],"a":1}"#) == "b")
      #expect(try says("plain") == "c")
      // The same letter, composed otherwise: other bytes, another body.
      #expect(
        try ask(port, body: "{\"a\":1,\"b\":[1,\"e\u{301}\"]}").text.hasPrefix("HTTP/1.1 404"))
      #expect(try ask(port, body: "plain ").text.hasPrefix("HTTP/1.1 404"))
    }
  }

  @Test("a recorded error and its retry come back in recorded order, and then the last one stays")
  func attempts() async throws {
    // Their order is that of the file: a clock may step back.
    let exchanges = [
      Exchange.failed(529, at: 2), Exchange.failed(503, at: 1),
      Exchange.recorded(["data: ok\n\n"], at: 0),
    ]
    try await TestDeck.serve(exchanges) { (port) throws in
      let status = { (target: String, headers: [String]) in
        try ask(port, target, headers: headers).text.split(separator: " ")[1]
      }
      for session in ["a", "b"] {
        let target = "/~session=\(session)/v1/messages"
        let statuses = try (1...4).map { _ in try status(target, ["x-stainless-retry-count: 0"]) }
        #expect(statuses == ["529", "503", "200", "200"])
      }
      // Without a session the client's own count is taken, and without that the deck's.
      #expect(try status("/v1/messages", ["x-stainless-retry-count: 2"]) == "200")
      #expect(try status("/v1/messages", []) == "503")
      #expect(try status("/~session=a/~attempt=1/v1/messages", []) == "529")
      #expect(try status("/v1/messages", ["tapedeck: session=c; attempt=2"]) == "503")
    }
  }

  @Test("without an equal body one candidate is served, and several in order, each once a session")
  func loose() async throws {
    let exchanges = [
      Exchange.recorded(["data: 0\n\n"], body: "0", at: 1),
      Exchange.recorded(["data: 1\n\n"], body: "1", at: 0),
      Exchange.recorded(["data: only\n\n"], target: "/only", body: "x"),
    ]
    let (_, report) = try await TestDeck.serve(exchanges) { (port) throws in
      let says = { Self.says(try ask(port, $0, body: $1).text) }
      for session in ["a", "b"] {
        let target = "/~session=\(session)/v1/messages"
        #expect(try says(target, "p") == "0")
        #expect(try says(target, "1") == "1")
        #expect(try says(target, "q") == "1")
        #expect(try ask(port, target, body: "r").text.hasPrefix("HTTP/1.1 404"))
      }
      for _ in 1...3 { #expect(try says("/only", "y") == "only") }
    }
    #expect(report.counts.loose == 7)
    #expect(report.counts.misses == 2)
  }

  @Test("a loose match keeps to the fields that take part")
  func looseFields() async throws {
    let kinds = ["a", "b"].map { kind in
      var exchange = Exchange.recorded(["data: \(kind)\n\n"], body: kind)
      exchange.request.headers = [HeaderField("x-kind", kind)]
      return exchange
    }
    try await TestDeck.serve(kinds, comparing: try Comparison(headers: ["x-kind"])) {
      (port) throws in
      let says = { (kind: String) in
        try ask(port, "/~session=s/v1/messages", body: "other", headers: ["x-kind: \(kind)"]).text
      }
      for kind in ["b", "a", "b", "a"] { #expect(Self.says(try says(kind)) == kind) }
      #expect(try says("c").hasPrefix("HTTP/1.1 404"))
    }
  }

  @Test(
    "a loose match gives no stream to who asks for none, and none to who asks for one",
    arguments: [
      (#"{"stream":true,"model":"m","n":1}"#, #"{"stream":true,"model":"m","n":2}"#, true),
      (#"{"stream":true,"model":"m","n":1}"#, #"{"model":"m","n":2}"#, false),
      (#"{"stream":true,"model":"m","n":1}"#, #"{"stream":false,"model":"m","n":2}"#, false),
      (#"{"model":"m","n":1}"#, #"{"stream":true,"model":"m","n":2}"#, false),
      (#"{"model":"m","n":1}"#, #"{"stream":null,"model":"m","n":2}"#, true),
      (#"{"model":"m","n":1}"#, #"{"model":"m","n":2}"#, true),
      // What says nothing may be either.
      (#"{"stream":true}"#, "{}", true), (#"{"stream":true}"#, #"{"x":1}"#, true),
      (#"{"stream":true}"#, #"{"stream":false}"#, false),
      ("", #"{"stream":true}"#, true), (#"{"stream":true}"#, "text", true),
    ])
  func looseForms(recorded: String, asked: String, isAnswered: Bool) async throws {
    try await TestDeck.serve([.recorded(["data: a\n\n"], body: recorded)]) { (port) throws in
      #expect(
        try ask(port, body: asked).text.hasPrefix("HTTP/1.1 \(isAnswered ? 200 : 404)"))
    }
  }

  @Test("where no body says it, the field accept does", arguments: [true, false])
  func looseAccept(acceptsStream: Bool) async throws {
    let accept = acceptsStream ? "text/event-stream" : "application/json"
    var exchange = Exchange.recorded(["data: a\n\n"], target: "/own", body: #"{"n":1}"#)
    exchange.request.headers = [HeaderField("accept", accept)]
    try await TestDeck.serve([exchange]) { (port) throws in
      let status = { (accept: String) in
        try ask(port, "/own", body: #"{"n":2}"#, headers: ["accept: \(accept)"]).text
          .split(separator: " ")[1]
      }
      #expect(try status("text/event-stream, */*") == (acceptsStream ? "200" : "404"))
      #expect(try status("application/json") == (acceptsStream ? "404" : "200"))
      #expect(try status("*/*") == "200")
    }
  }

  @Test("Ollama streams unless it is told not to")
  func looseDefault() async throws {
    let exchange = Exchange.recorded(["{}\n"], target: "/api/chat", body: #"{"model":"m","n":1}"#)
    try await TestDeck.serve([exchange]) { (port) throws in
      let status = { try ask(port, "/api/chat", body: $0).text.split(separator: " ")[1] }
      #expect(try status(#"{"model":"m","n":2,"stream":true}"#) == "200")
      #expect(try status(#"{"model":"m","n":2,"stream":false}"#) == "404")
    }
  }

  @Test(
    "Gemini's stable and beta version are one path, and no other paths are",
    arguments: [
      ("/v1beta/models/m:generateContent", "/v1/models/m:generateContent", true),
      (
        "/v1/models/m:streamGenerateContent?alt=sse",
        "/v1beta/models/m:streamGenerateContent?alt=sse", true
      ),
      ("/g/v1beta/models/m%3AgenerateContent", "/g/v1/models/m%3AgenerateContent", true),
      (
        "/v1beta1/projects/p/models/m:generateContent", "/v1/projects/p/models/m:generateContent",
        true
      ),
      ("/v1alpha/models/m:generateContent", "/v1/models/m:generateContent", false),
      ("/v1beta/models", "/v1/models", false),
      (
        "/v1beta/models/m:streamGenerateContent", "/v1/models/m:streamGenerateContent?alt=sse",
        false
      ),
    ])
  func versions(recorded: String, asked: String, isOne: Bool) async throws {
    try await TestDeck.serve([.recorded(["data: a\n\n"], target: recorded, body: "1")]) {
      (port) throws in
      #expect(
        try ask(port, "/~session=s\(asked)", body: "1").text
          .hasPrefix("HTTP/1.1 \(isOne ? 200 : 404)"))
      _ = try ask(port, "/~session=s\(recorded)", body: "1")
      // The two count as one request.
      let attempts = try journal(port, "?session=s").compactMap { $0["attempt"]?.integer }
      #expect(attempts == [1, isOne ? 2 : 1])
    }
  }

  @Test("credentials take no part, and neither do the pointers that were left out")
  func ignored() async throws {
    let recorded = Exchange.recorded(
      ["data: a\n\n"], target: "/v1/x?key=AIzaSyA-1234567890123456789012345678901&alt=sse",
      body: #"{"model":"m","metadata":{"user_id":"u1"},"list":[1,2]}"#)
    let comparison = Comparison(ignoring: [
      try JSONPointer(parsing: "/metadata/user_id"), try JSONPointer(parsing: "/list/1"),
    ])
    try await TestDeck.serve([recorded], comparing: comparison, { $0.matchesBody = true }) {
      (port) throws in
      let body = #"{"model":"m","metadata":{"user_id":"u2"},"list":[1,3]}"#
      for query in ["key=short&alt=sse", "alt=sse&key=x", "alt=sse"] {
        #expect(try ask(port, "/v1/x?\(query)", body: body).text.hasPrefix("HTTP/1.1 200"))
      }
      #expect(try ask(port, "/v1/x?alt=json", body: body).text.hasPrefix("HTTP/1.1 404"))
      #expect(
        try ask(port, "/v1/x?alt=sse", body: #"{"model":"n"}"#).text.hasPrefix("HTTP/1.1 404"))
    }
  }

  @Test("a form's credentials are covered on both sides before they are compared")
  func forms() async throws {
    let form = HeaderField("content-type", "application/x-www-form-urlencoded")
    var recorded = Exchange.recorded(["data: a\n\n"], body: "token=*******&x=1")
    recorded.request.headers = [form]
    try await TestDeck.serve([recorded], { $0.matchesBody = true }) { (port) throws in
      let ask = { (body: String) in
        try DeckTests.ask(port, body: body, headers: ["content-type: \(form.value)"]).text
      }
      #expect(try ask("token=private&x=1").hasPrefix("HTTP/1.1 200"))
      #expect(try ask("token=private&x=2").hasPrefix("HTTP/1.1 404"))
    }
  }

  @Test("a cassette and an exchange can be named, and what does not exist is a 400")
  func named() async throws {
    let one = [Exchange.recorded(["data: main\n\n"])]
    let two = [Exchange.recorded(["data: sub\n\n"]), Exchange.recorded(["data: sub2\n\n"])]
    try await TestDeck.serve(one, also: [("sub/x", two)]) { (port) throws in
      let says = { Self.says(try ask(port, $0).text) }
      #expect(try says("/~cassette=sub%2Fx/v1/messages") == "sub")
      #expect(try says("/~cassette=sub%2Fx/~exchange=2/any/path") == "sub2")
      #expect(try says("/~cassette=main/~exchange=1/v1/messages") == "main")
      for target in [
        "/~cassette=none/v1/messages", "/~exchange=1/v1/messages",
        "/~cassette=main/~exchange=2/v1/messages",
      ] {
        #expect(try ask(port, target).text.hasPrefix("HTTP/1.1 400"))
      }
    }
  }

  @Test("a miss names of several the exchange that is most like the request, and what was used up")
  func nearest() async throws {
    let exchanges = [#"{"a":1}"#, #"{"b":1,"c":[1,2,3]}"#, #"{"z":1}"#].map {
      Exchange.recorded(["data: a\n\n"], body: $0)
    }
    try await TestDeck.serve(exchanges) { (port) throws in
      let quoted = try ask(port, "/v1/'$(id)'").text
      #expect(quoted.contains(#"record 'https://api.example.com/v1/'\\''$(id)'\\'''"#))
      let like = #"{"b":1,"c":[1,2,4]}"#
      for _ in 1...3 { #expect(try ask(port, body: like).text.hasPrefix("HTTP/1.1 200")) }
      let answer = try ask(port, body: like).text
      #expect(answer.contains("exchange 2 of cassette main"))
      #expect(answer.contains("already been played in this session"))
    }
  }

  @Test(
    "an error has the shape of the API that was asked",
    arguments: [
      ("/v1/messages", #"{"type":"error","error":{"type":"not_found_error","message":"tapedeck: "#),
      ("/~pace=2x/v1/chat/completions", #"{"error":{"message":"tapedeck: "#),
      ("/v1/responses?x=1", #""type":"invalid_request_error","param":null,"code":null}}"#),
      ("/v1beta/models/m:streamGenerateContent?alt=sse", #"{"error":{"code":404,"message":"tape"#),
      ("/v1beta/models/m:generateContent", #""status":"NOT_FOUND"}}"#),
    ])
  func shapes(target: String, expected: String) async throws {
    try await TestDeck.serve([.recorded(["x"], target: "/other")]) { (port) throws in
      let answer = try ask(port, target).text
      #expect(answer.hasPrefix("HTTP/1.1 404"))
      #expect(answer.contains(expected))
    }
  }

  @Test("a cassette's name that two have is a 400 that names both")
  func ambiguous() async throws {
    let one = [Exchange.recorded(["data: a\n\n"])]
    try await TestDeck.serve(one, also: [("main", one)]) { (port) throws in
      let answer = try ask(port, "/~cassette=main/v1/messages").text
      #expect(answer.contains("cassette 'main' is main and main"))
    }
  }

  @Test("a miss names the nearest exchange, what differed, and the command that would record it")
  func miss() async throws {
    let recorded = Exchange.recorded(["data: a\n\n"], body: #"{"model":"m","n":[1,{"a":2}]}"#)
    try await TestDeck.serve([recorded], { $0.matchesBody = true }) { (port) throws in
      let body = #"{"model":"m","n":[1,{"a":3}]}"#
      let answer = try ask(port, body: body).text
      #expect(answer.hasPrefix("HTTP/1.1 404"))
      #expect(answer.contains(#""type":"not_found_error""#))
      #expect(answer.contains("exchange 1 of cassette main"))
      #expect(answer.contains("the body differs at /n/1/a"))
      #expect(
        answer.contains(
          "tapedeck serve 'main' --mode auto --upstream 'https://api.example.com'"
            + " --record-to 'main'"))
      #expect(try ask(port, "/v1/messages?x=1").text.contains("the query differs"))
      #expect(try ask(port, method: "PUT").text.contains("the method differs"))
      #expect(try ask(port, "/v1/message").text.contains("the path differs"))
    }
  }
}
