import HTTP
import LosslessJSON
import Patterns
import TestSupport
import Testing

@testable import Cassettes

@Suite("Rules of a user")
struct RedactionRulesTests {
  private func rules(
    _ patterns: [String] = [], pointers: [String] = [], keep: [String] = []
  ) throws -> RedactionRules {
    RedactionRules(
      patterns: try patterns.map { try Pattern($0) },
      pointers: try pointers.map { try RedactionPointer(parsing: $0) }, keptHeaders: keep)
  }

  @Test("a pattern reaches every part of an exchange")
  func everyPart() throws {
    let rules = try rules(["bob\\d+"])
    var request = RecordedRequest(
      id: "1", at: "", method: "POST", url: "https://bob1@bob2.example/bob3?q=bob4",
      path: "/bob3?q=bob4",
      headers: [HeaderField("x-user", "bob5"), HeaderField("x-api-key", "bob6")],
      body: Array("{\"user\":\"bob7\"}".utf8))
    Redaction.redact(&request, by: rules)
    #expect(!String(describing: request).contains("bob"))
    #expect(request.url == "https://****@****.example/****?q=****")
    #expect(request.path == "/****?q=****")
    #expect(request.body == Array("{\"user\":\"****\"}".utf8))
    var head = ResponseHead(status: 200, headers: [HeaderField("location", "/bob1?key=abc")])
    Redaction.redact(&head, by: rules)
    #expect(head.headers == [HeaderField("location", "/****?key=***")])
    var trailers = Trailers(fields: [HeaderField("x", "a bob2")], at: .zero)
    Redaction.redact(&trailers, by: rules)
    #expect(trailers.fields == [HeaderField("x", "a ****")])
    #expect(Redaction.redact(text: "for bob1!", by: rules) == "for ****!")
  }

  @Test("a header that is kept is left whole, unless a pattern covers it")
  func keptHeaders() throws {
    let rules = try rules(["bob"], keep: ["X-API-Key", "cookie"])
    let key = "sk-ant-0123456789abcdef"
    for (field, wanted) in [
      (HeaderField("x-api-key", key), key), (HeaderField("COOKIE", "a=bob"), "a=***"),
      (HeaderField("x-other", key), SecretSamples.stars(key)), (HeaderField("api-key", "a"), "*"),
    ] {
      var field = field
      Redaction.redact(&field, by: rules)
      #expect(field.value == wanted)
    }
  }

  @Test("a header's bytes beyond ASCII are covered each by one star")
  func latin1() throws {
    // What the wire has as UTF-8, a header field holds as Latin-1.
    var field = HeaderField("x-name", "J\u{C3}\u{BC}rgen caf\u{E9}")
    Redaction.redact(&field, by: try rules(["Jürgen", "caf."]))
    #expect(field.value == "******* ****")
  }

  @Test("what a pattern covers of a key leaves the rest of it no less a key")
  func partOfKey() throws {
    let key = "sk-ant-api03-abc123456def-" + String(repeating: "x", count: 20)
    let rules = try rules(["\\d{6}", "def"], pointers: ["/n"])
    var body = Array("data: {\"k\":\"\(key)\",\"n\":5}\n\n".utf8)
    let wanted = Array("data: {\"k\":\"\(SecretSamples.stars(key))\",\"n\":1}\n\n".utf8)
    Redaction.redact(body: &body, by: rules)
    #expect(body == wanted)
  }

  @Test(
    "what is redacted as a request is redacted for good, so that it is equal to what was recorded")
  func settled() throws {
    let rules = try rules(["abc", "\\*k", "\\*{4}x"])
    var request = RecordedRequest(
      id: "1", at: "", method: "POST", path: "/abckx",
      body: Array("abckx abcsk-abcdefghijklmnopqrstuvwx".utf8))
    Redaction.redact(&request, by: rules)
    #expect(request.path == "/*****")
    let once = request
    Redaction.redact(&request, by: rules)
    #expect(request == once)
    let target = "/v1/abc?key=abc&b=abck"
    let recorded = Redaction.redact(target: target, by: rules)
    #expect(
      Redaction.withoutCredentials(target: recorded, by: rules)
        == Redaction.withoutCredentials(target: target, by: rules))
  }

  @Test("what comes out does not depend on the cuts, and standard rules are as if there were none")
  func cuts() throws {
    let rules = try rules(
      ["us[er]+-\\d+", "\"(secret) ?[^\"]*\"", "[a-z]+@[a-z.]+"], pointers: ["/a", "/c/*"])
    var seed = SeededGenerator(3)
    let pieces =
      SecretSamples.secrets + [
        "data: ", "data:{\"a\":\"", "\"}", "\n\n", "\r\n\r\n", "user-123", "\"secret x\"", "a@b.c",
        "{\"c\":[1,\"x\"]}", "\"signature\":\"", "é", "\\", "event: x\n", "\"password\":\"",
      ]
    for round in 0..<600 {
      var text = round % 4 == 0 ? "{\"a\":\"x\"," : "data: "
      for _ in 0..<Int.random(in: 1...14, using: &seed) {
        text += pieces.randomElement(using: &seed) ?? ""
      }
      let body = Array(text.utf8)
      var wanted = body
      Redaction.redact(body: &wanted, by: rules)
      #expect(wanted.count == body.count)
      var redactor = BodyRedactor(rules: rules)
      var given: [UInt8] = []
      var written: [UInt8] = []
      let some = (0..<6).map { _ in Int.random(in: 0...body.count, using: &seed) }.sorted()
      for end in (round % 3 == 0 ? Array(0..<body.count) : some) + [body.count] {
        given += body[given.count..<end]
        let settled = redactor.redact(&given, isFinal: end == body.count)
        #expect(given.starts(with: written), "what was settled has changed")
        written = Array(given[..<settled])
      }
      #expect(written == wanted, "\(some) in \(text)")
      var standard = body
      Redaction.redact(body: &standard)
      var same = body
      Redaction.redact(body: &same, by: try self.rules(keep: ["x"]))
      #expect(same == standard)
      var none = body
      Redaction.redact(body: &none, by: try self.rules(["\u{1}"]))
      #expect(none == standard, "with a pattern that matches nothing: \(text)")
    }
  }

  @Test("a spool covers what its rules say, in whatever comes")
  func spool() throws {
    let directory = try TemporaryDirectory()
    var request = SpoolTests.request
    request.body = Array("{\"user\":\"bob\"}".utf8)
    let spool = try Spool(
      target: directory("a.tape"), request: request,
      rules: try rules(["carol"], pointers: ["/user"], keep: ["set-cookie"]))
    try spool.head(
      ResponseHead(
        status: 200, headers: [HeaderField("set-cookie", "a"), HeaderField("x", "carol")]))
    for byte in "data: {\"user\":\"bob\",\"x\":\"carol\"}\n\n".utf8 {
      try spool.chunk([byte], at: .zero)
      try spool.flush()
      var reader = try CassetteReader(path: spool.path, recovering: true)
      let found = String(decoding: try reader.rest().flatMap(\.body), as: UTF8.self)
      #expect(!found.contains("bo") && !found.contains("ca"))
    }
    try spool.aside(data: .string("carol left"), at: .zero)
    try spool.trailers(Trailers(fields: [HeaderField("y", "carol")], at: .zero))
    let exchange = try spool.end(Ending(how: .reset, detail: "as carol did", at: .zero))
    #expect(!String(describing: exchange).contains("carol"))
    #expect(exchange.head?.headers.first?.value == "a")
    #expect(exchange.request.body == Array("{\"user\":\"***\"}".utf8))
    #expect(exchange.body == Array("data: {\"user\":\"***\",\"x\":\"*****\"}\n\n".utf8))
    let lines = String(decoding: try CassetteWriter.lines(for: exchange), as: UTF8.self)
    #expect(!lines.contains("carol") && !lines.contains("bob"))
  }
}
