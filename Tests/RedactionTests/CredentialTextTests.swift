import TestSupport
import Testing

@testable import Redaction

@Suite("Credentials that a text tells of")
struct CredentialTextTests {
  private func redact(_ text: String) -> String { RedactionCheck.redact(text) }

  private func check(_ text: String, _ wanted: String) { RedactionCheck.check(text, wanted) }

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
    ] as [(String, String)])
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

  @Test(
    "a member is known by a word of its name, however that is written",
    arguments: [
      "secret", "pwd", "passwd", "passphrase", "openai_api_key", "OPENAI_API_KEY", "openaiApiKey",
      "openai.api.key", "db_password", "dbPassword", "hf_token", "hfToken", "HF-TOKEN",
      "github_token",
      "aws_secret_access_key", "client-secret", "auth", "auth_header", "cookie", "session_id",
      "sessionId", "SESSION-ID", "credentials", "user_credential", "webhook_signature",
      "key_for_prod",
      "password2", "APIKey", "apikey", "jwt", "JSESSIONID", "secret_id", "private key", "db_pass",
      "api\\u005fkey", "\\u0070assword", "AccountKey", "x-functions-key", "bot_token", "tokenV2",
      "reset_password_token", "secret_key_base", "api_key_value", "token_secret", "session_token",
      "secretString", "token_value", "client_secret_2", "access_token_list", "cookie_value",
    ])
  func names(name: String) {
    check("{\"\(name)\":\"hunter2\",\"x\":1}", "{\"\(name)\":\"*******\",\"x\":1}")
  }

  @Test(
    "a name that only has such a word in it stays",
    arguments: [
      "max_tokens", "maxTokens", "prompt_tokens", "completion_tokens", "token_count", "tokenizer",
      "token_type", "next_page_token", "eos_token", "price_per_token", "keyboard", "monkey", "keys",
      "primary_key", "foreignKey", "prompt_cache_key", "idempotency-key", "public_key",
      "key_points",
      "keyId", "secretary", "password_hint", "passwordless", "author", "authority", "auth_type",
      "cookie_consent", "cookiecutter", "signature_type", "function_signature", "session",
      "sessions",
      "credential_type", "pass", "compass", "cache_control", "section", "forgot_password",
      "time_to_first_token", "Key_Findings", "passwords",
    ])
  func innocentNames(name: String) {
    let text = "{\"\(name)\":\"hunter2\",\"x\":1}"
    check(text, text)
  }

  @Test(
    "a token or a key is covered where its value looks like one",
    arguments: [
      ("{\"token\":\"hunter2\"}", "{\"token\":\"*******\"}"),
      ("{\"key\":\"a1b2c3d4e5f6\",\"v\":1}", "{\"key\":\"************\",\"v\":1}"),
      ("{\"token\":\"Hello\"}", nil), ("{\"key\":\"Enter\"}", nil), ("{\"key\":\"F12\"}", nil),
      ("{\"token\":\" gpt4all\"}", nil), ("{\"token\":\"utf16le\",\"logprob\":-0.1}", nil),
      ("{\"id\":5,\"bytes\":[1],\"token\":\"utf16le\",\"x\":{}}", nil),
      ("{\"token\":\"utf16le\",\"top\":[{\"a\":\"}\"}],\"logprob\":-1}", nil),
      ("{\"token\":{\"id\":5,\"text\":\"abc123\",\"logprob\":-0.1}}", nil),
      ("{\"token\":{\"value\":\"abc\"}}", "{\"token\":{\"value\":\"***\"}}"),
      ("{\"candidates\":[{\"token\":\"utf8\",\"tokenId\":7,\"logProbability\":-1}]}", nil),
    ] as [(String, String?)])
  func ambiguousNames(text: String, wanted: String?) { check(text, wanted ?? text) }

  @Test(
    "a token is covered however long its object is, and however long it is itself",
    arguments: [500, 4060, 5000])
  func tokenInFrontOfMuch(bytes: Int) {
    let much = String(repeating: "x ", count: bytes / 2)
    let text = "{\"token\":\"hunter2hunter2aa\",\"prompt\":\"\(much)\"}"
    let wanted = "{\"token\":\"****************\",\"prompt\":\"\(much)\"}"
    let count = text.utf8.count
    #expect(redact(text) == wanted)
    for cut in Array(0..<40) + Array(max(40, count - 600)..<count) {
      #expect(RedactionCheck.redact(text, cutAt: [cut]) == wanted, "cut at \(cut)")
    }
    #expect(RedactionCheck.redact(text, cutAt: Array(0..<count)) == wanted)
    let long = String(repeating: "a1", count: bytes / 2)
    #expect(redact("{\"token\":\"\(long)\"}") == "{\"token\":\"\(SecretSamples.stars(long))\"}")
  }

  @Test(
    "a long line of what may be credentials is looked at in one pass", .timeLimit(.minutes(1)),
    arguments: [
      "(A_KEY=x", "A_KEY=x,B_KEY=(", "\"token\":\"aaaaaa1\",", "{\"token\":{\"a\":",
      "A_KEY='(", "&token=a-b", "(A_KEY:x", "a_key: x ", "'a_key':'b", "cookie: a=b;", "\nkey: a1",
    ])
  func onePass(part: String) {
    var text = Array(String(repeating: part, count: (256 << 10) / part.utf8.count).utf8)
    let count = text.count
    Redactor.redact(body: &text)
    #expect(text.count == count)
  }

  @Test(
    "all strings below a member's object or array are covered, and its keys are not",
    arguments: [
      (
        "{\"credentials\":{\"user\":\"me\",\"p\":[\"a\\\"b\",{\"c\":\"d\"}],\"n\":5},\"x\":\"y\"}",
        "{\"credentials\":{\"user\":\"**\",\"p\":[\"****\",{\"c\":\"*\"}],\"n\":5},\"x\":\"y\"}"
      ),
      ("{\"api_key\":[\"a\",\"bc\"]}", "{\"api_key\":[\"*\",\"**\"]}"),
      ("{\"api_keys\":[\"a\"],\"x\":\"y\"}", "{\"api_keys\":[\"*\"],\"x\":\"y\"}"),
      ("{\"passwords\":[\"a\"],\"x\":\"y\"}", "{\"passwords\":[\"*\"],\"x\":\"y\"}"),
      ("{\"db_secrets\":{\"a\":\"b\"}}", "{\"db_secrets\":{\"a\":\"*\"}}"),
      (
        "{\"secret\": {\n  \"a\": \"b\"\n}, \"x\":\"y\"}",
        "{\"secret\": {\n  \"a\": \"*\"\n}, \"x\":\"y\"}"
      ),
      (
        "data: {\"secret\":{\"a\":\"b\n\ndata: {\"x\":\"y\"}",
        "data: {\"secret\":{\"a\":\"*\n\ndata: {\"x\":\"y\"}"
      ),
      (
        "{\"db_password\":{\"sensitive\":true,\"type\":\"string\",\"value\":\"hunter2secret\"}}",
        "{\"db_password\":{\"sensitive\":true,\"type\":\"******\",\"value\":\"*************\"}}"
      ),
      (
        "{\"adminPassword\":{\"type\":\"string\",\"defaultValue\":\"a b\"}}",
        "{\"adminPassword\":{\"type\":\"******\",\"defaultValue\":\"***\"}}"
      ),
      ("{\"secret\":{\"bytes\":\"abc\"}}", "{\"secret\":{\"bytes\":\"***\"}}"),
      ("{\"password\":12345,\"x\":12345}", "{\"password\":11111,\"x\":12345}"),
      (
        "{\"client_secret\":{\"value\":\"ek\",\"expires_at\":17}}",
        "{\"client_secret\":{\"value\":\"**\",\"expires_at\":17}}"
      ),
    ] as [(String, String)])
  func nested(text: String, wanted: String) { check(text, wanted) }

  @Test(
    "a schema that describes a credential stays",
    arguments: [
      "{\"properties\":{\"password\":{\"type\":\"string\",\"description\":\"The one\"}}}",
      "{\"token\":{\"description\":\"A token\",\"title\":\"Token\"}}",
      "{\"api_key\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"title\":\"Api Key\"}}",
      "{\"secret\":{\"x-order\":1,\"type\":[\"string\",\"null\"],\"examples\":[\"s\"]}}",
      "{\"auth\":{\"type\":\"OBJECT\",\"properties\":{\"user\":{\"type\":\"STRING\"}}}}",
      "{\"a\":\"{\\\"password\\\": {\\\"type\\\": \\\"string\\\"}}\"}",
    ])
  func schemas(text: String) { check(text, text) }

  @Test("a member is found in JSON that is a string in JSON, to any depth")
  func levels() {
    func encoded(_ text: String) -> String {
      "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
    var text = "{\"a\":1, \"api_key\": \"pa\\\"ss\", \"s\":{\"secret\":[\"t\"]}, \"b\":\"c\"}"
    for _ in 0..<5 {
      let nested = "{\"arguments\":\(encoded(text)),\"z\":\"y\"}"
      let covered = "{\"arguments\":\(encoded(Self.covering(text))),\"z\":\"y\"}"
      let wanted = redact(nested)
      #expect(wanted.utf8.count == nested.utf8.count)
      #expect(!wanted.contains("pa") && !wanted.contains("ss") && wanted.hasSuffix("\"z\":\"y\"}"))
      #expect(wanted.count { $0 == "*" } >= covered.count { $0 == "*" })
      check(nested, wanted)
      text = nested
    }
    check(
      "{\"a\":\"{\\u0022password\\u0022:\\u0022hunter2\\u0022}\"}",
      "{\"a\":\"{\\u0022password\\u0022:\\u0022*******\\u0022}\"}")
    check(
      "{\"a\":\"{\\\"api\\\\u005fkey\\\":\\\"x\\\"}\"}",
      "{\"a\":\"{\\\"api\\\\u005fkey\\\":\\\"*\\\"}\"}")
  }

  private static func covering(_ text: String) -> String {
    text.replacing("pa\\\"ss", with: "******").replacing("\"t\"", with: "\"*\"")
  }

  @Test(
    "what a variable is given is covered where its name says that it is a credential",
    arguments: [
      ("OPENAI_API_KEY=abc def\nX=1", "OPENAI_API_KEY=*** def\nX=1"),
      ("A=1\nDB_PASSWORD='a b'\n", "A=1\nDB_PASSWORD='***'\n"),
      ("export HF_TOKEN=\"a b\"\n", "export HF_TOKEN=\"***\"\n"),
      ("db_password=hunter2\n", "db_password=*******\n"),
      ("data: TOKEN=hunter2\n\n", "data: TOKEN=*******\n\n"),
      ("{\"t\":\"A=1\\nDB_PASS=x y\\nB=2\"}", "{\"t\":\"A=1\\nDB_PASS=* y\\nB=2\"}"),
      ("{\"args\":[\"-e\",\"API_KEY=abc\"]}", "{\"args\":[\"-e\",\"API_KEY=***\"]}"),
      ("{\"t\":\"API_KEY=\\\"a b\\\" c\"}", "{\"t\":\"API_KEY=\\\"***\\\" c\"}"),
      ("run --api-key=abc -v", "run --api-key=*** -v"),
      ("env SECRET=abc cmd", "env SECRET=*** cmd"),
      ("DB_PASSWORD=hunter(2)secret\n", "DB_PASSWORD=***************\n"),
      ("DB_PASSWORD=\"hunter(2)x\"\n", "DB_PASSWORD=\"**********\"\n"),
      ("DB_PASSWORD=hunter(2)\n", "DB_PASSWORD=*********\n"),
      ("DB_PASSWORD=$ecret99word\n", "DB_PASSWORD=************\n"),
      ("DB_PASSWORD={9x(Kp2mm#\n", "DB_PASSWORD=**********\n"),
      ("postgres://u:$ecret99@host/db", "postgres://u:********@host/db"),
      ("Server=s;AccountKey=a+b/c==;x=1", "Server=s;AccountKey=*******;x=1"),
      ("see https://h/a?X-Amz-Signature=ab&b=1 ok", "see https://h/a?X-Amz-Signature=**&b=1 ok"),
      ("(https://h/a?b=1&sig=a%2Bb)", "(https://h/a?b=1&sig=*****)"),
      (
        "{\"u\":\"https://h/?a=1\\u0026Signature=abc\"}",
        "{\"u\":\"https://h/?a=1\\u0026Signature=***\"}"
      ),
      ("x?a=1&amp;token=abc\"", "x?a=1&amp;token=***\""),
      ("postgres://me:hunter2@db.example/x", "postgres://me:*******@db.example/x"),
      ("{\"u\":\"redis:\\/\\/:a@b@h\\/0\"}", "{\"u\":\"redis:\\/\\/:***@h\\/0\"}"),
      ("Authorization: Basic dXNlcjpwYXNz\n", "Authorization: Basic ************\n"),
      (
        "bot123456789:AAabcdefghijklmnopqrstuvwxyz0123456/x",
        "bot123456789:***********************************/x"
      ),
    ] as [(String, String)])
  func variables(text: String, wanted: String) { check(text, wanted) }

  @Test(
    "what only resembles a variable or a URL with a password stays",
    arguments: [
      "max_tokens=5", "sorted(x, key=lambda a: a)", "token = get()", "  api_key=os.environ['X'],",
      "key=value", "API_KEY=$OTHER", "API_KEY=<yours>", "api_key=load(x)\n", "TOKEN=", "KEY= x",
      "API_KEY=os.getenv(\"X\")", "API_KEY=load(x)\n", "f(a.MY_KEY=g(1),B_KEY=h(2))",
      "API_KEY=$(pass show x)", "API_KEY=${X}", "TOKEN=$token\n", "api_key=$env:KEY",
      "TOKEN={{ secrets.X }}", "API_KEY={X}\n", "api_key=fetch(f(1))[0]\n",
      "redis://:${PW}@h", "redis://u:$password@h",
      "password=None\n", "a == b", "{\"t\":\"TOKEN=\",\"x\":\"y\"}", "MONKEY=banana",
      "https://h:80/a@b",
      "git://git@host/x", "http://u:$PW@h", "mailto:a@b", "x://y:z w@v", "a?page_token=x&keys=y",
      "https://h/?q=a=b", "<a key=\"b\">", "12:AAabcdefghijklmnopqrstuvwxyz0123456",
    ])
  func noVariables(text: String) { check(text, text) }

  @Test("an armoured key of OpenPGP is covered with its fields and behind the blank line")
  func armour() {
    let body = "lQVYBGNvbmdyYXRzAQ0AabcdefghijklmnOPQ+/\nabcd1234\n=aBcD"
    let text =
      "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2.0 (Linux)\n\n\(body)\n-----END PGP PRIVATE KEY BLOCK-----\nend"
    for text in [text, text.replacing("\n", with: "\\n"), text.replacing("\n", with: "\ndata: ")] {
      let found = redact(text)
      #expect(!found.contains("lQVY") && !found.contains("abcd") && !found.contains("aBcD"))
      #expect(found.contains("-----END PGP PRIVATE KEY BLOCK-----") && found.hasSuffix("end"))
      check(text, found)
    }
    let event = "data: -----BEGIN PRIVATE KEY-----\ndata: MIIE\n\nevent: message\ndata: {}\n\n"
    #expect(redact(event).hasSuffix("\n\nevent: message\ndata: {}\n\n"))
  }

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
