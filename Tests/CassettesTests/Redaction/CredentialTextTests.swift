import Testing

@testable import Cassettes

@Suite("Credentials that a text tells of")
struct CredentialTextTests {
  private func redact(_ text: String, cutAt cuts: [Int] = []) -> String {
    var redactor = BodyRedactor()
    let whole = Array(text.utf8)
    var given: [UInt8] = []
    var written: [UInt8] = []
    for end in cuts + [whole.count] {
      given += whole[given.count..<end]
      let settled = redactor.redact(&given, isFinal: end == whole.count)
      #expect(given.starts(with: written), "what was settled has changed")
      written = Array(given[..<settled])
    }
    return String(decoding: written, as: UTF8.self)
  }

  private func check(_ text: String, _ wanted: String) {
    #expect(redact(text) == wanted)
    #expect(redact(wanted) == wanted)
    let count = text.utf8.count
    for cut in 0...count { #expect(redact(text, cutAt: [cut]) == wanted, "cut at \(cut)") }
    #expect(redact(text, cutAt: Array(0..<count)) == wanted)
  }

  @Test(
    "the string of a member that is a credential by its name is covered",
    arguments: [
      (
        "{\"password\":\"hunter2\",\"x\":\"hunter2\"}",
        "{\"password\":\"*******\",\"x\":\"hunter2\"}"
      ),
      ("{\"Authorization\" :\t\"Bearer x\"}", "{\"Authorization\" :\t\"********\"}"),
      ("{\"api_key\":\"a\\\"b\\\\\",\"b\":\"c\"}", "{\"api_key\":\"******\",\"b\":\"c\"}"),
      ("data: {\"apiKey\":\"a\\u00e9é\"}\n\n", "data: {\"apiKey\":\"*********\"}\n\n"),
      ("{\"SecretAccessKey\":\"a/b+c=\"}", "{\"SecretAccessKey\":\"******\"}"),
      ("{\"x-api-key\":\"abc", "{\"x-api-key\":\"***"),
      ("{\"client_secret\":\"abc\ndata: x\"}", "{\"client_secret\":\"***\ndata: x\"}"),
      ("{\"password\":\"\",\"a\":\"b\"}", "{\"password\":\"\",\"a\":\"b\"}"),
    ])
  func members(text: String, wanted: String) { check(text, wanted) }

  @Test(
    "what only resembles such a member stays",
    arguments: [
      "{\"token\":\"Hello\",\"key\":\"word\"}", "{\"password\":{\"type\":\"string\"}}",
      "{\"required\":[\"password\",\"api_key\"]}", "{\"a\":\"password\",\"b\":\"c\"}",
      "{\"password\":null,\"max_tokens\":\"5\"}", "{\"passwords\":\"many\"}",
      "{\"signature\":\"password\",\"x\":\"y\"}",
    ])
  func noMembers(text: String) { check(text, text) }

  @Test("what stands behind Bearer is covered, and the word stays")
  func bearer() {
    let opaque = "0123456789.abcdef/~+ghi="
    check("got 'Bearer \(opaque)' there", "got 'Bearer \(SecretSamples.stars(opaque))' there")
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP"
    check("Bearer \(token), ", "Bearer \(SecretSamples.stars(token)), ")
  }

  @Test(
    "the lines of a private key are covered, in every form in which it travels",
    arguments: [
      "\n", "\r\n", "\\n", "\\\\n", "\\r\\n", "%0A", "%0D%0a", " ", "\ndata: ", "\r\ndata:",
    ])
  func privateKeys(lineEnd: String) {
    let lines = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj", "AgEAAoIBAQC7VJTUt9Us8cKj/+a", "bc=="]
    func text(_ head: String, _ lines: [String]) -> String {
      "{\"k\":\"\(([head] + lines + ["-----END PRIVATE KEY-----"]).joined(separator: lineEnd))\"} then"
    }
    let head = "-----BEGIN PRIVATE KEY-----"
    check(text(head, lines), text(SecretSamples.stars(head), lines.map(SecretSamples.stars)))
    let encrypted = ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0123456789ABCDEF"] + lines
    let rsa = redact(text("-----BEGIN RSA PRIVATE KEY-----", encrypted))
    #expect(!rsa.contains("MIIE") && !rsa.contains("AgEAA") && !rsa.contains("0123"))
    #expect(rsa.hasSuffix("-----END PRIVATE KEY-----\"} then"))
  }

  @Test("a private key is one finding")
  func finding() {
    let text = "-----BEGIN EC PRIVATE KEY-----\nMIIEvQIB\nabcd\n-----END EC PRIVATE KEY-----\n"
    #expect(SecretScanner().matches(in: Array(text.utf8)).map(\.kind) == [.privateKey])
  }
}
