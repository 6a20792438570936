import Testing

@testable import Redaction

@Suite("Credentials that a line, a pair or a list of a text gives to a name")
struct CredentialLineTests {
  private func check(_ text: String, _ wanted: String) {
    RedactionCheck.check(text, wanted)
  }

  @Test(
    "what a line of YAML or of HTTP gives to such a name is covered",
    arguments: [
      ("password: x\n", "password: *\n"),
      ("db:\n  password: hunter2\n", "db:\n  password: *******\n"),
      ("api_key: abc123 # mine\n", "api_key: ****** # mine\n"),
      ("- name: a\n  api_key: abc123\n", "- name: a\n  api_key: ******\n"),
      ("password: \"correct horse\"\n", "password: \"*************\"\n"),
      ("password: 'a b'\n", "password: '***'\n"),
      ("DB_PASSWORD: hunter\nA: b\n", "DB_PASSWORD: ******\nA: b\n"),
      ("data: password: hunter2\n\n", "data: password: *******\n\n"),
      ("x-api-key: abc123def\r\nhost: h\r\n", "x-api-key: *********\r\nhost: h\r\n"),
      ("X-Api-Key:abc123def\r\n", "X-Api-Key:*********\r\n"),
      ("Authorization: Bearer a1b2c3\r\n", "Authorization: Bearer ******\r\n"),
      ("authorization: Token a1b2c3\n", "authorization: Token ******\n"),
      ("Cookie: a=b; c=d\r\nx: y", "Cookie: ********\r\nx: y"),
      (
        "{\"t\":\"a:\\n  password: hunter2\\nb: c\"}", "{\"t\":\"a:\\n  password: *******\\nb: c\"}"
      ),
      ("{\"t\":\"Authorization: Bearer a1b2c3\"}", "{\"t\":\"Authorization: Bearer ******\"}"),
      ("{\"t\":\"secret_key: \\\"a b\\\"\"}", "{\"t\":\"secret_key: \\\"***\\\"\"}"),
      ("curl -H 'x-api-key: abc123' -d x", "curl -H 'x-api-key: ******' -d x"),
      (
        "{\"c\":\"curl -H \\\"api-key: abc123\\\" u\"}",
        "{\"c\":\"curl -H \\\"api-key: ******\\\" u\"}"
      ),
      ("h = {'api_key': 'abc', 'x': 'y'}", "h = {'api_key': '***', 'x': 'y'}"),
      ("client = {password: hunter2}", "client = {password: *******}"),
      ("Your API key: abc123def456 is wrong", "Your API key: ************ is wrong"),
      ("wrong api_key: abc123def456, sorry", "wrong api_key: ************, sorry"),
      ("token: abc123def456\n", "token: ************\n"),
      ("API_TOKEN = q7Rf2Lk9\n", "API_TOKEN = ********\n"),
      ("[db]\npassword = hunter2\n", "[db]\npassword = *******\n"),
      ("DB_PASSWORD\t= hunter # x\n", "DB_PASSWORD\t= ****** # x\n"),
      ("api_key = \"a b\"\n", "api_key = \"***\"\n"),
      ("{\"t\":\"A = b\\nAPI_KEY = abc123\"}", "{\"t\":\"A = b\\nAPI_KEY = ******\"}"),
    ] as [(String, String)])
  func lines(text: String, wanted: String) { check(text, wanted) }

  @Test(
    "prose, code and what only describes a credential stay",
    arguments: [
      "password: the word that opens the door\n", "Password: required\n", "Password: Swordfish\n",
      "password: string\n", "The secret: patience.\n", "token: Hello\n", "key: Enter\n",
      "key: value1\n", "max_tokens: 4096\n", "Key points: a1b2c3d4e5f6g7\n",
      "public key: a1b2c3d4e5f6g7h8\n", "password: ${DB_PASSWORD}\n", "password: {{ pw }}\n",
      "api_key: YOUR_API_KEY\n", "api_key: os.environ['KEY']\n", "apiKey: process.env.API_KEY,\n",
      "password: user.password,\n", "api_key: load(x)\n", "Authorization: Bearer token\n",
      "Authorization: required\n", "auth: oauth2-proxy\n", "signature: f1(x)\n", "cookie: none\n",
      "cookie: chocolate and oats\n", "password:\n", "password: |\n  a\n", "password: ********\n",
      "{\"t\":\"password: \",\"u\":\"v\"}", "{\"t\":\"password: use\",\"u\":\"v\"}",
      "secret: https://h.example/a\n", "12:30: key: a1\n", "{\"t\":\"the password: is\"}",
      "password = prompt\n", "password = cfg[\"pw\"]\n", "if password == hunter2\n",
      "token = get(x1)\n",
      "the api_key = abc123def456 of it\n", "max_tokens = 4096abc\n", "key = value1\n",
      "PASSWORD = f\"{x}\"\n", "secret = crypto\n", "api_key = os.environ['K']\n",
      "case token:a.b.c1\n", "type T = { password: string; token: number }",
    ])
  func prose(text: String) { check(text, text) }

  @Test(
    "the value of a pair is covered where its name says that it is a credential",
    arguments: [
      ("{\"name\":\"API_KEY\",\"value\":\"a b\"}", "{\"name\":\"API_KEY\",\"value\":\"***\"}"),
      ("{\"value\":\"a b\",\"name\":\"API_KEY\"}", "{\"value\":\"***\",\"name\":\"API_KEY\"}"),
      (
        "{ \"key\": \"db_password\", \"value\": \"x\" }",
        "{ \"key\": \"db_password\", \"value\": \"*\" }"
      ),
      (
        "[{\"name\":\"A\",\"value\":\"b\"},{\"name\":\"cookie\",\"type\":\"t\",\"value\":\"c\"}]",
        "[{\"name\":\"A\",\"value\":\"b\"},{\"name\":\"cookie\",\"type\":\"t\",\"value\":\"*\"}]"
      ),
      (
        "{\"a\":\"{\\\"name\\\":\\\"API_KEY\\\",\\\"value\\\":\\\"ab\\\"}\"}",
        "{\"a\":\"{\\\"name\\\":\\\"API_KEY\\\",\\\"value\\\":\\\"**\\\"}\"}"
      ),
      ("{\"name\":\"token\",\"value\":\"abc123\"}", "{\"name\":\"token\",\"value\":\"******\"}"),
      ("[[\"x-api-key\",\"abc123\"],[\"a\",\"b\"]]", "[[\"x-api-key\",\"******\"],[\"a\",\"b\"]]"),
      ("[[\"authorization\", \"Bearer a1b2c3\"]]", "[[\"authorization\", \"Bearer ******\"]]"),
      ("[\"cookie\",\"a=b\"]", "[\"cookie\",\"***\"]"),
      (
        "{\"a\":\"[[\\\"x-api-key\\\",\\\"abc123\\\"]]\"}",
        "{\"a\":\"[[\\\"x-api-key\\\",\\\"******\\\"]]\"}"
      ),
    ] as [(String, String)])
  func pairs(text: String, wanted: String) { check(text, wanted) }

  @Test(
    "pairs and lists of other things stay",
    arguments: [
      "{\"name\":\"max_tokens\",\"value\":\"abc123\"}", "{\"name\":\"A\",\"value\":\"abc123\"}",
      "{\"value\":\"abc123\",\"unit\":\"key\"}", "{\"name\":\"token\",\"value\":\"Hello\"}",
      "{\"name\":\"password\",\"value\":{\"type\":\"string\"}}",
      "{\"name\":\"password\",\"value\":5}",
      "[\"password\",\"email\"]", "[\"api_key\",\"model\",\"abc123\"]", "[\"password\"]",
      "{\"required\":[\"password\",\"abc123\",\"x\"]}",
      "[{\"name\":\"API_KEY\"},{\"value\":\"abc\"}]",
    ])
  func noPairs(text: String) { check(text, text) }
}
