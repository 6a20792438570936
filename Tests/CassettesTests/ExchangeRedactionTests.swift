import HTTP
import LosslessJSON
import Patterns
import Redaction
import TestSupport
import Testing

@testable import Cassettes

@Suite("Redaction of an exchange")
struct ExchangeRedactionTests {
  private func rules(
    _ patterns: [String] = [], pointers: [String] = [], keep: [String] = []
  ) throws -> RedactionRules {
    RedactionRules(
      patterns: try patterns.map { try Pattern($0) },
      pointers: try pointers.map { try RedactionPointer(parsing: $0) }, keptHeaders: keep)
  }

  @Test("reaches every part of a request and of an answer")
  func wholeParts() {
    let key = "sk-ant-0123456789abcdef"
    var request = RecordedRequest(
      id: "1", at: "", method: "POST", url: "https://a:b@h/p?key=\(key)", path: "/p?key=\(key)",
      headers: [HeaderField("x-api-key", key), HeaderField("x-note", "(\(key))")],
      body: Array("{\"a\":\"\(key)\"}".utf8))
    Redactor.redact(&request)
    #expect(!String(describing: request).contains("0123456789abcdef"))
    #expect(request.body == Array("{\"a\":\"\(SecretSamples.stars(key))\"}".utf8))
    #expect(request.url == "https://*:*@h/p?key=\(SecretSamples.stars(key))")

    var form = RecordedRequest(
      id: "1", at: "", method: "POST",
      headers: [HeaderField("Content-Type", "application/x-www-form-urlencoded")],
      body: Array("client_secret=abc&grant_type=x".utf8))
    Redactor.redact(&form)
    #expect(form.body == Array("client_secret=***&grant_type=x".utf8))

    var head = ResponseHead(status: 200, headers: [HeaderField("Set-Cookie", "a=b")])
    Redactor.redact(&head)
    #expect(head.headers == [HeaderField("Set-Cookie", "***")])
    var trailers = Trailers(fields: [HeaderField("x-debug", key)], at: .zero)
    Redactor.redact(&trailers)
    #expect(trailers.fields == [HeaderField("x-debug", SecretSamples.stars(key))])
    #expect(Redactor.redact(text: "got \(key)!") == "got \(SecretSamples.stars(key))!")
  }

  @Test("a pattern reaches every part of an exchange")
  func everyPart() throws {
    let rules = try rules(["bob\\d+"])
    var request = RecordedRequest(
      id: "1", at: "", method: "POST", url: "https://bob1@bob2.example/bob3?q=bob4",
      path: "/bob3?q=bob4",
      headers: [HeaderField("x-user", "bob5"), HeaderField("x-api-key", "bob6")],
      body: Array("{\"user\":\"bob7\"}".utf8))
    Redactor.redact(&request, by: rules)
    #expect(!String(describing: request).contains("bob"))
    #expect(request.url == "https://****@****.example/****?q=****")
    #expect(request.path == "/****?q=****")
    #expect(request.body == Array("{\"user\":\"****\"}".utf8))
    var head = ResponseHead(status: 200, headers: [HeaderField("location", "/bob1?key=abc")])
    Redactor.redact(&head, by: rules)
    #expect(head.headers == [HeaderField("location", "/****?key=***")])
    var trailers = Trailers(fields: [HeaderField("x", "a bob2")], at: .zero)
    Redactor.redact(&trailers, by: rules)
    #expect(trailers.fields == [HeaderField("x", "a ****")])
    #expect(Redactor.redact(text: "for bob1!", by: rules) == "for ****!")
  }

  @Test(
    "what is redacted as a request is redacted for good, so that it is equal to what was recorded")
  func settled() throws {
    let rules = try rules(["abc", "\\*k", "\\*{4}x"])
    var request = RecordedRequest(
      id: "1", at: "", method: "POST", path: "/abckx",
      body: Array("abckx abcsk-abcdefghijklmnopqrstuvwx".utf8))
    Redactor.redact(&request, by: rules)
    #expect(request.path == "/*****")
    let once = request
    Redactor.redact(&request, by: rules)
    #expect(request == once)
    let target = "/v1/abc?key=abc&b=abck"
    let recorded = Redactor.redact(target: target, by: rules)
    #expect(
      Redactor.withoutCredentials(target: recorded, by: rules)
        == Redactor.withoutCredentials(target: target, by: rules))
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
