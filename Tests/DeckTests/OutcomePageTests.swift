import Cassettes
import Deck
import LosslessJSON
import Planning
import Testing

@Suite("A client says what it delivered")
struct OutcomePageTests {
  private static let one = [Exchange.recorded(["data: a\n\n"])]

  private static func post(
    _ port: Int, _ body: String, _ page: String = "api/outcome"
  ) throws -> (status: String, text: String) {
    let client = try RawClient(port: port)
    client.send(
      "POST /~/\(page) HTTP/1.1\r\nhost: 127.0.0.1:\(port)\r\nconnection: close\r\n"
        + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
    let text = String(decoding: client.readToEnd().bytes, as: UTF8.self)
    return (text.split(separator: " ").dropFirst().first.map(String.init) ?? "", text)
  }

  private static func outcome(_ port: Int, _ session: String) throws -> String {
    let outcome = try page(port, "api/sessions/\(session)")["outcome"]
    return String(decoding: outcome?.bytes ?? [], as: UTF8.self)
  }

  @Test("what it says stands on its session's page; the last word counts")
  func kept() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let first = #"{"session":"t1","delivered":"Grüße\n","outcome":"complete","finish":"stop"}"#
      #expect(try Self.post(port, first).status == "204")
      #expect(
        try Self.outcome(port, "t1")
          == #"{"delivered":"Grüße\n","outcome":"complete","error":null,"finish":"stop"}"#)
      let second = #"{"delivered":null,"outcome":"error","error":"reset"}"#
      #expect(try Self.post(port, second, "api/outcome?session=t1").status == "204")
      #expect(
        try Self.outcome(port, "t1")
          == #"{"delivered":"","outcome":"error","error":"reset","finish":null}"#)
      _ = try ask(port, "/~session=t2/v1/messages")
      #expect(try Self.outcome(port, "t2") == "null")
    }
  }

  @Test(
    "what is wrong with it is said in one line",
    arguments: [
      ("", "400", "the body is no JSON object"), ("[]", "400", "the body is no JSON object"),
      ("{", "400", "the body is no JSON object"),
      (#"{"outcome":"error"}"#, "400", "'session' is missing"),
      (#"{"session":"a b","outcome":"error"}"#, "400", "is not 1 to 128 of"),
      (#"{"session":"","outcome":"error"}"#, "400", "is not 1 to 128 of"),
      (#"{"session":1,"outcome":"error"}"#, "400", "'session' must be a string"),
      (#"{"session":"t"}"#, "400", "'outcome' must be"),
      (#"{"session":"t","outcome":"done"}"#, "400", "'outcome' must be"),
      (#"{"session":"t","outcome":"error","deliverd":""}"#, "400", "'deliverd' is no key"),
      (#"{"session":"t","outcome":"error","delivered":{}}"#, "400", "'delivered' must be a string"),
    ])
  func refused(body: String, status: String, says: String) async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      let answer = try Self.post(port, body)
      #expect(answer.status == status && answer.text.contains(says), "\(answer.text)")
      #expect(try control(port, "api/sessions/t").status == "404")
    }
  }

  @Test("a text is at most 1 MiB long, and all of them count among the bytes of sessions")
  func limits() async throws {
    try await TestDeck.serve(Self.one, { $0.limits.sessionBytes = 3 << 20 }) { (port) throws in
      func outcome(_ session: String, _ count: Int) -> String {
        let text = String(repeating: "a", count: count)
        return #"{"session":"\#(session)","delivered":"\#(text)","outcome":"complete"}"#
      }
      #expect(try Self.post(port, outcome("t", 1 << 20)).status == "204")
      let large = try Self.post(port, outcome("t", 1 << 20 + 1))
      #expect(large.status == "413" && large.text.contains("1048576 are the most"))
      // The last word takes the place of the one before, and one too many is refused.
      for _ in 1...5 { #expect(try Self.post(port, outcome("t", 1 << 20)).status == "204") }
      #expect(try Self.post(port, outcome("u", 1 << 20)).status == "204")
      let full = try Self.post(port, outcome("v", 1 << 20))
      #expect(full.status == "503" && full.text.contains("--max-session-memory"))
    }
  }

  @Test("the page takes a POST, and no other page a body")
  func methods() async throws {
    try await TestDeck.serve(Self.one) { (port) throws in
      #expect(try control(port, "api/outcome").status == "405")
      #expect(try Self.post(port, "{}", "api/journal").status == "405")
    }
  }
}

@Suite("A rate limit that the deck makes up ends in the future")
struct ResetClockTests {
  private static func resets(_ port: Int, _ fault: String) throws -> [Int64] {
    let text = try ask(port, "/~fault=\(fault)/v1/messages").text
    return text.split(separator: "\r\n").compactMap { line in
      guard line.hasPrefix("anthropic-ratelimit-"), line.contains("-reset: ") else { return nil }
      return line.split(separator: " ").last.flatMap { Timestamp.microseconds(rfc3339: "\($0)") }
    }
  }

  @Test(
    "each reset lies behind the answer by what the client is told to wait, and less than 2 s more",
    arguments: [("status:429", Int64(1)), ("status:429,retry-after=30s", 30)])
  func future(fault: String, seconds: Int64) async throws {
    let exchange = Exchange.recorded(["data: a\n\n"])
    try await TestDeck.serve([exchange], { $0.directives.pace = .instant }) { (port) throws in
      for _ in 1...2 {
        let before = Timestamp.now()
        let resets = try Self.resets(port, fault)
        let after = Timestamp.now()
        #expect(resets.count == 4)
        for reset in resets {
          #expect(reset >= before + seconds * 1_000_000)
          #expect(reset <= after + (seconds + 1) * 1_000_000)
        }
      }
    }
  }
}
