import TestSupport
import Testing

@testable import Redaction

private let made = "q7Rf2Lk9Zx4Vb8Nm1Ws6Td3H"
private let stars = SecretSamples.stars(made)

/// Words such as `key` and `token` are said of many things: what stands under them decides.
@Suite("Words that only sometimes name a credential")
struct CredentialWordTests {
  @Test(
    "what such a word tells of in front of a noun goes where it looks like a credential",
    arguments: [
      "key_people", "key_facts", "key_terms", "key_dates", "key_events", "key_quote", "key_skills",
      "keyMoments", "key-results", "KEY_RISKS", "musical_key", "token_list", "secret_ingredient",
      "secretIdentity", "cookie_recipe", "signature_dish", "key_signature", "key",
    ])
  func adjectives(name: String) {
    for text in [
      "{\"\(name)\":\"Ann Lee\"}",
      "{\"\(name)\":[\"Ann Lee\",\"Paprika\",{\"a\":\"two b\"}],\"x\":1}",
      "{\"\(name)\":{\"who\":\"2025-11-29T07:30:00Z\"}}", "{\"\(name)\":\"2025-11-29T07:30:00Z\"}",
      "{\"\(name)\":[\"gpt-4o-mini-2024-07-18\"]}",
    ] {
      RedactionCheck.check(text, text)
    }
    func text(_ value: String) -> String {
      "{\"\(name)\":[\"Ann Lee\",\"\(value)\",{\"\(value)\":\"\(value)\",\"b\":5}],\"x\":\"\(value)\"}"
    }
    let wanted =
      "{\"\(name)\":[\"Ann Lee\",\"\(stars)\",{\"\(made)\":\"\(stars)\",\"b\":5}],"
      + "\"x\":\"\(made)\"}"
    RedactionCheck.check(text(made), wanted)
    RedactionCheck.check(
      "{\"\(name)\":\"\(made)\"}", "{\"\(name)\":\"\(stars)\"}")
  }

  @Test(
    "a plural is covered where what is in it looks like credentials",
    arguments: [
      ("{\"tokens\":[\"V\"]}", "{\"tokens\":[\"S\"]}"),
      ("{\"keys\":{\"openai\":\"V\",\"a\":\"b\"}}", "{\"keys\":{\"openai\":\"S\",\"a\":\"b\"}}"),
      (
        "{\"cookies\":[{\"name\":\"sid\",\"value\":\"V\"}]}",
        "{\"cookies\":[{\"name\":\"***\",\"value\":\"S\"}]}"
      ),
      ("{\"secrets\":\"V\"}", "{\"secrets\":\"S\"}"),
      ("{\"passwords\":\"V\"}", "{\"passwords\":\"S\"}"),
      ("{\"tokens\":\"V\",\"keys\":\"V\"}", "{\"tokens\":\"S\",\"keys\":\"S\"}"),
      (
        "{\"keys\":[\"my V\",{\"password\":\"a b\",\"c\":\"V\"},\"sk-ant-V x\"],\"d\":\"V\"}",
        "{\"keys\":[\"my V\",{\"password\":\"***\",\"c\":\"S\"},\"*******S x\"],\"d\":\"V\"}"
      ),
      (
        "{\"a\":\"{\\\"tokens\\\":[\\\"V\\\",\\\"b\\\"],\\\"password\\\":\\\"c d\\\"}\"}",
        "{\"a\":\"{\\\"tokens\\\":[\\\"S\\\",\\\"b\\\"],\\\"password\\\":\\\"***\\\"}\"}"
      ),
      ("{\"tokens\": [\n  \"V\",\n  \"b\"\n]}", "{\"tokens\": [\n  \"S\",\n  \"b\"\n]}"),
      ("data: {\"tokens\":[\"V\n\ndata: [\"V\"]", "data: {\"tokens\":[\"S\n\ndata: [\"V\"]"),
    ] as [(String, String)])
  func plurals(text: String, wanted: String) {
    RedactionCheck.check(
      text.replacing("V", with: made),
      wanted.replacing("S", with: stars).replacing("V", with: made))
  }

  @Test(
    "plural words of other things stay",
    arguments: [
      "{\"tokens\":[\"Hello\",\" utf8x1\",\"base64\",\"getElementsByClassName\"]}",
      "{\"keys\":[\"model_1\",\"created_at_2025\"],\"tokens\":5}",
      "{\"secrets\":\"three of them\"}",
      "{\"passwords\":\"many\",\"cookies\":\"oatmeal\"}",
      "{\"keys\":{\"home\":\"start of line 1\"}}",
      "{\"max_tokens\":[\"\(made)\"]}", "{\"primary_keys\":[\"\(made)\"]}",
    ])
  func otherPlurals(text: String) { RedactionCheck.check(text, text) }

  @Test("a long value in a plural is judged by its beginning and covered to its end")
  func longValue() {
    let long = String(repeating: made, count: 40)
    let text = "{\"tokens\":[\"a b \(long)\",\"\(long)\"],\"x\":\"y\"}"
    let wanted = "{\"tokens\":[\"a b \(long)\",\"\(SecretSamples.stars(long))\"],\"x\":\"y\"}"
    #expect(RedactionCheck.redact(text) == wanted)
    #expect(RedactionCheck.redact(text, cutAt: Array(0..<text.utf8.count)) == wanted)
  }

  @Test(
    "name and value may stand on two lines, also of one event",
    arguments: [
      ("data: {\"password\":\ndata: \"a b\"}\n\n", "data: {\"password\":\ndata: \"***\"}\n\n"),
      ("data: {\"password\"\r\ndata::\"a b\"}\n\n", "data: {\"password\"\r\ndata::\"***\"}\n\n"),
      ("{\n  \"password\":\n    \"a b\"\n}", "{\n  \"password\":\n    \"***\"\n}"),
      ("{\"secret\":\r\n\t{\"a\":\r\n\"b\"}}", "{\"secret\":\r\n\t{\"a\":\r\n\"*\"}}"),
      (
        "data: {\"secret\":\ndata: {\"a\":\ndata: \"b\"},\ndata:\"c\":\"d\"}\n\n",
        "data: {\"secret\":\ndata: {\"a\":\ndata: \"*\"},\ndata:\"c\":\"d\"}\n\n"
      ),
      ("data: {\"key\":\rdata: \"\(made)\"}\r\r", "data: {\"key\":\rdata: \"\(stars)\"}\r\r"),
      ("{\"password\":\n12345}", "{\"password\":\n11111}"),
    ] as [(String, String)])
  func twoLines(text: String, wanted: String) { RedactionCheck.check(text, wanted) }

  @Test(
    "behind an empty line, or where no colon stands between, something else begins",
    arguments: [
      "data: {\"password\":\n\ndata: \"a b\"}\n\n", "[\"password\",\n\"a b\"]",
      "{\"password\"\n\"a b\"}", "data: {\"password\":\nevent: x\n\n", "{\"password\":\n\n\"a b\"}",
    ])
  func otherLines(text: String) { RedactionCheck.check(text, text) }

  @Test(
    "the part of a form is covered by the name of its field",
    arguments: [
      (
        "--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\na\"b 'c\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\n******\r\n--b--"
      ),
      (
        "Content-Disposition: form-data; name=\"password\"\nContent-Type: text/plain\n\nx\n--b",
        "Content-Disposition: form-data; name=\"password\"\nContent-Type: text/plain\n\n*\n--b"
      ),
      (
        "content-disposition: form-data;name=\"token\"\r\n\r\n\(made)\r\n",
        "content-disposition: form-data;name=\"token\"\r\n\r\n\(stars)\r\n"
      ),
      ("form-data; name=\"model\"\r\n\r\n\(made)\r\n", nil),
      ("form-data; name=\"token\"\r\n\r\nHello\r\n", nil),
      ("form-data; name=\"max_tokens\"\r\n\r\n5\r\n", nil),
      ("a; name=\"api_key\"\r\n\r\nx\r\n", nil),
    ] as [(String, String?)])
  func forms(text: String, wanted: String?) { RedactionCheck.check(text, wanted ?? text) }

  @Test(
    "connection strings and the parameters of a URL in a text are covered",
    arguments: [
      (
        "use https;AccountName=x;AccountKey=\(made)+/==;EndpointSuffix=y",
        "use https;AccountName=x;AccountKey=\(stars)****;EndpointSuffix=y"
      ),
      (
        "{\"c\":\"Endpoint=sb://h/;SharedAccessKeyName=Root;SharedAccessKey=\(made)=\"}",
        "{\"c\":\"Endpoint=sb://h/;SharedAccessKeyName=Root;SharedAccessKey=\(stars)*\"}"
      ),
      ("at https://h/cb?code=\(made)&state=x", "at https://h/cb?code=\(stars)&state=x"),
      ("https://h/e?code=ENOENT12&a=b", nil), ("https://h/e?code=not-found-in-2025&pass=1", nil),
    ] as [(String, String?)])
  func connections(text: String, wanted: String?) { RedactionCheck.check(text, wanted ?? text) }

  @Test(
    "many tokens in one object cost about as much as one in each of many", .timeLimit(.minutes(1)))
  func manyTokens() {
    func time(_ part: String) -> Duration {
      let text = Array(String(repeating: part, count: (64 << 10) / part.utf8.count).utf8)
      return (0..<5).map { _ in
        var body = text
        return processorTime { Redactor.redact(body: &body) }
      }.min() ?? .zero
    }
    let apart = time("{\"token\":\"aaaaaa1\"},")
    let together = time("\"token\":\"aaaaaa1\",  ")
    #expect(together < apart * 3)
  }

  @Test("a token is one of a text by what stands beside it, whatever was seen of the tokens before")
  func tokensInTurn() {
    let secrets = String(repeating: "\"token\":\"aaaaaa1\",", count: 30)
    let covered = secrets.replacing("aaaaaa1", with: "*******")
    let far = String(repeating: "\"a\":\"b\",", count: 80)
    let words = "{\"token\":\"utf16le\",\"logprob\":-1},{\"token\":\"utf16le\",\"x\":{}},"
    RedactionCheck.check(
      "[{\(secrets)\(far)\"x\":1},\(words)]",
      "[{\(covered)\(far)\"x\":1},\(words.replacing("utf16le\",\"x", with: "*******\",\"x"))]")
  }
}
