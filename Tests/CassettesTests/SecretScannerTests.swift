import HTTP
import Redaction
import Testing

@testable import Cassettes

@Suite("The scanner for secrets")
struct SecretScannerTests {
  private static let key = "sk-ant-api03-0123456789abcdef"

  private func exchange(_ events: [String], type: String = "text/event-stream") -> Exchange {
    var exchange = Exchange(
      request: RecordedRequest(id: "1", at: "", method: "GET", url: "http://h/"),
      head: ResponseHead(status: 200, headers: [HeaderField("content-type", type)]),
      ending: Ending(how: .complete))
    for event in events { exchange.append(chunk: Array(event.utf8), at: .zero) }
    return exchange
  }

  @Test("finds the range and kind of each secret, and none once they are redacted")
  func ranges() {
    var bytes = Array("a \(Self.key) b ghp_0123456789abcdefghijklmnop".utf8)
    let found = SecretScanner().matches(in: bytes)
    #expect(found.map(\.kind) == [.anthropicKey, .githubToken])
    #expect(found.map(\.range) == [2..<31, 34..<64])
    Redactor.redact(body: &bytes)
    #expect(SecretScanner().matches(in: bytes).isEmpty)
  }

  @Test("names every place of an exchange, never the secret, and finds nothing after redaction")
  func everyPlace() {
    var exchange = exchange(["data: a\n\n", "data: {\"a\":\"\(Self.key)\"}\n\n"])
    exchange.request.url = "http://u:pw@h/\(Self.key)?key=k"
    exchange.request.path = "/?sig=k"
    exchange.request.headers = [
      HeaderField("X-Api-Key", "k"), HeaderField("a", Self.key), HeaderField("b", "plain"),
    ]
    exchange.request.body = Array("{\"a\":\"\(Self.key)\"}".utf8)
    exchange.head?.headers += [HeaderField("location", "/?token=k")]
    exchange.trailers = Trailers(fields: [HeaderField("set-cookie", "k")], at: .zero)
    let findings = SecretScanner().findings(in: exchange)
    #expect(
      findings == [
        SecretFinding(.userInformation, in: "request URL"),
        SecretFinding(.credentialParameter, in: "request URL, parameter key"),
        SecretFinding(.anthropicKey, in: "request URL"),
        SecretFinding(.credentialParameter, in: "request path, parameter sig"),
        SecretFinding(.credentialHeader, in: "request header x-api-key"),
        SecretFinding(.anthropicKey, in: "request header a"),
        SecretFinding(.anthropicKey, in: "request body, byte 6"),
        SecretFinding(.credentialParameter, in: "response header location, parameter token"),
        SecretFinding(.anthropicKey, in: "response body, event 2"),
        SecretFinding(.credentialHeader, in: "trailer set-cookie"),
      ])
    #expect(!findings.map(\.description).joined().contains("0123"))

    Redactor.redact(&exchange.request)
    if var head = exchange.head {
      Redactor.redact(&head)
      exchange.head = head
    }
    Redactor.redact(body: &exchange.body)
    if var trailers = exchange.trailers {
      Redactor.redact(&trailers)
      exchange.trailers = trailers
    }
    #expect(SecretScanner().findings(in: exchange).isEmpty)
  }

  @Test("finds a secret that the escapes of JSON hide, in bodies and in each event")
  func escaped() {
    let hidden = Self.key.replacing("-", with: "\\u002d")
    let json = "{\"a\":[1,{\"b\":\"key:\\n\(hidden)\"}]}"
    #expect(SecretScanner().matches(in: Array(json.utf8)).isEmpty)
    var body = exchange([json], type: "application/json")
    body.request.body = Array("{\"\(hidden)\":1}".utf8)
    #expect(
      SecretScanner().findings(in: body) == [
        SecretFinding(.anthropicKey, in: "request body, a string with escapes"),
        SecretFinding(.anthropicKey, in: "response body, a string with escapes"),
      ])
    let stream = exchange(["data: {\"a\":\"x\"}\n\n", "data: \(json)\n\ndata: [DONE]\n\n"])
    #expect(
      SecretScanner().findings(in: stream) == [
        SecretFinding(.anthropicKey, in: "response body, event 2")
      ])
  }

  @Test(
    "names a secret once that stands beside escapes, and none in signatures and encrypted content",
    arguments: [
      ("{\"a\":\"x\\n \(key)\"}", 1), ("{\"a\":\"sk\\u002dant-api03-0123\"}", 0),
      ("{\"signature\":\"\(key.replacing("-", with: "\\u002d"))\"}", 0),
      (
        "{\"data\":\"\(key.replacing("-", with: "\\u002d"))\",\"type\":\"redacted_thinking\"}", 0
      ),
    ])
  func escapedOnce(json: String, count: Int) {
    let found = exchange([json], type: "application/json")
    #expect(SecretScanner().findings(in: found).count == count)
  }

  @Test("finds a secret that only joins across the deltas of one place")
  func joined() {
    func delta(_ text: String, index: Int = 0) -> String {
      "data: {\"index\":\(index),\"delta\":{\"text\":\"\(text)\"}}\n\n"
    }
    let spread = exchange([
      delta("key: sk-"), delta("other", index: 1), delta("ant-api03"), delta("-0123456"),
      delta("789abcdef and"),
    ])
    #expect(
      SecretScanner().findings(in: spread) == [
        SecretFinding(.anthropicKey, in: "response body, events 1 to 5 joined, delta.text")
      ])
    let apart = exchange([delta("sk-ant-api03-"), delta("0123456789abcdef", index: 1)])
    #expect(SecretScanner().findings(in: apart).isEmpty)
    let whole = exchange([delta("\(Self.key) "), delta("next")])
    #expect(
      SecretScanner().findings(in: whole) == [
        SecretFinding(.anthropicKey, in: "response body, event 1")
      ])
    let signature = exchange([
      "data: {\"signature\":\"sk-ant-\"}\n\n", "data: {\"signature\":\"0123456789abcdef\"}\n\n",
    ])
    #expect(SecretScanner().findings(in: signature).isEmpty)
  }

  @Test("gives the byte where the answer is no event stream")
  func noStream() {
    let exchange = exchange(["{\"a\":\"\(Self.key)\"}"], type: "application/json")
    #expect(
      SecretScanner().findings(in: exchange) == [
        SecretFinding(.anthropicKey, in: "response body, byte 6")
      ])
  }
}
