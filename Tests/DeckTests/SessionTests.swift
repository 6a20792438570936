import Cassettes
import Deck
import LosslessJSON
import Testing

@Suite("A session is a client's own, and can be looked at and forgotten")
struct SessionTests {
  private static let retried = [
    Exchange.failed(529, at: 0), Exchange.recorded(["data: ok\n\n"], at: 1),
    Exchange.recorded(["data: more\n\n"], target: "/v1/more", at: 2),
  ]

  @Test("at a test's end it says what was asked, what missed, and what was left unplayed")
  func teardown() async throws {
    try await TestDeck.serve(Self.retried) { (port) throws in
      for _ in 1...2 { _ = try ask(port, "/~session=t%2F1/v1/messages?key=private") }
      _ = try ask(port, "/~session=t%2F1/v1/more", body: "loose")
      _ = try ask(port, "/~session=t%2F1/none")
      for name in ["t/1", "t%2F1"] {
        #expect(
          try control(port, "api/sessions/\(name)").body
            == #"{"session":"t/1","attempts":["#
            + #"{"method":"POST","path":"/v1/messages","attempts":2},"#
            + #"{"method":"POST","path":"/v1/more","attempts":1},"#
            + #"{"method":"POST","path":"/none","attempts":1}],"#
            + #""refused":0,"unfired":[],"miss":1,"misses":1,"loose":1,"limited":0,"#
            + #""unplayed":[],"lost":0,"#
            + #""conduct":[],"outcome":null}"#)
      }
      #expect(try control(port, "api/sessions/other").status == "404")
      #expect(try control(port, "api/sessions/a%20b").status == "400")
    }
  }

  @Test("unplayed is what its cassettes have left; an answer that a fault makes up plays nothing")
  func unplayed() async throws {
    let other = [Exchange.recorded(["data: x\n\n"]), Exchange.recorded(["data: y\n\n"], at: 1)]
    try await TestDeck.serve(Self.retried, also: [("other", other)]) { (port) throws in
      let left = { (session: String) in
        try page(port, "api/sessions/\(session)")["unplayed"]?.bytes ?? []
      }
      _ = try ask(port, "/~session=a/~cassette=other/~fault=status:529/v1/messages")
      #expect(
        try left("a")
          == Array(
            #"[{"cassette":"other","exchange":1},{"cassette":"other","exchange":2}]"#.utf8))
      _ = try ask(port, "/~session=a/~cassette=other/~fault=reset@byte:2/~attempt=2/v1/messages")
      #expect(try left("a") == Array(#"[{"cassette":"other","exchange":1}]"#.utf8))
      _ = try ask(port, "/~session=b/v1/messages")
      #expect(try page(port, "api/sessions/b")["unplayed"]?.elements?.count == 4)
    }
  }

  @Test("a session that is forgotten begins anew, and gives its place back")
  func forgetting() async throws {
    let configure: @Sendable (inout DeckConfiguration) -> Void = { $0.limits.sessions = 1 }
    try await TestDeck.serve(Self.retried, configure) { (port) throws in
      let status = { (session: String) in
        try ask(port, "/~session=\(session)/v1/messages").text.split(separator: " ")[1]
      }
      #expect(try [status("a"), status("a"), status("b")] == ["529", "200", "503"])
      #expect(try control(port, "api/sessions/a", method: "DELETE").status == "204")
      #expect(try control(port, "api/sessions/a", method: "DELETE").status == "404")
      #expect(try [status("b"), status("a")] == ["529", "503"])
    }
  }

  @Test("a candidate is not used up by an attempt that a fault answers")
  func looseUnused() async throws {
    let exchanges = ["0", "1"].map { Exchange.recorded(["data: \($0)\n\n"], body: $0) }
    try await TestDeck.serve(exchanges) { (port) throws in
      let says = {
        try ask(port, "/~session=a/~fault=status:529,on=1/v1/messages", body: "p").text
      }
      #expect(try says().hasPrefix("HTTP/1.1 529"))
      #expect(try says().contains("data: 0"))
    }
  }

  @Test("all sessions together are bounded in bytes, and so is the name of one")
  func memory() async throws {
    try await TestDeck.serve(Self.retried, { $0.limits.sessionBytes = 4000 }) { (port) throws in
      let statuses = try (1...10).map { number in
        try ask(port, "/~session=\(number)/v1/messages").text.split(separator: " ")[1]
      }
      #expect(statuses.first == "529" && statuses.last == "503")
      #expect(try control(port, "api/sessions/1", method: "DELETE").status == "204")
      #expect(try ask(port, "/~session=new/v1/messages").text.hasPrefix("HTTP/1.1 529"))
      let long = String(repeating: "x", count: 129)
      let answer = try ask(port, "/~session=\(long)/v1/messages").text
      #expect(answer.hasPrefix("HTTP/1.1 400"))
      #expect(answer.contains("path segment 1: session 'xxx"))
      #expect(answer.contains("of 129 bytes is not 1 to 128") && !answer.contains(long))
      let huge = try ask(port, "/v1/messages", headers: ["tapedeck: session=\(long)"]).text
      #expect(huge.contains("header tapedeck, directive 1: session"))
    }
  }

  @Test("parallel sessions never disturb each other")
  func parallel() async throws {
    let body = (1...50).map { "data: {\"n\":\($0)}\n\n" }
    let exchanges = [Exchange.failed(529, at: 0), Exchange.recorded(body, at: 1)]
    try await TestDeck.serve(exchanges) { (port) throws in
      let results = Gathered<[String]>.all(64, atOnce: 64) { number in
        let target = "/~session=p\(number)/~pace=instant/~fault=reset@event:\(number % 20 + 2),on=2"
        return try (1...3).map { _ in
          let answer = try ask(
            port, "\(target)/v1/messages", headers: ["x-stainless-retry-count: 0"]
          ).text
          return
            "\(answer.split(separator: " ")[1]) \(answer.split(separator: "data: ").count - 1)"
        }
      }
      #expect(results.count == 64)
      for (number, answers) in results {
        #expect(answers == ["529 0", "200 \(number % 20 + 1)", "200 50"], "session p\(number)")
      }
      for number in 0..<64 {
        let entries = try journal(port, "?session=p\(number)")
        #expect(entries.compactMap { $0["attempt"]?.integer } == [1, 2, 3])
        #expect(entries.compactMap { $0["ended"]?.text } == ["complete", "reset", "complete"])
      }
    }
  }

  @Test("an application's retry after a broken stream is attempt 2, though its header begins anew")
  func applicationRetry() async throws {
    try await TestDeck.serve([.recorded(["data: a\n\n", "data: b\n\n"])]) { (port) throws in
      let target = "/~session=app/~fault=disconnect@event:2,on=1/v1/messages"
      let once = { try ask(port, target, headers: ["x-stainless-retry-count: 0"]) }
      #expect(try !once().text.contains("data: b"))
      #expect(try once().text.hasSuffix("0\r\n\r\n"))
      let entries = try journal(port)
      #expect(entries.compactMap { $0["attempt"]?.integer } == [1, 2])
      #expect(entries.compactMap { $0["attempt_from"]?.text } == ["session", "session"])
      // Without a session the header is all there is, and it never gets past the break.
      let unnamed = "/~fault=disconnect@event:2,on=1/v1/messages"
      for _ in 1...2 {
        let answer = try ask(port, unnamed, headers: ["x-stainless-retry-count: 0"])
        #expect(!answer.text.contains("data: b"))
      }
      _ = try ask(port, "/v1/messages")
      _ = try ask(port, "/~attempt=7/v1/messages")
      #expect(
        try journal(port, "?after=2").compactMap { $0["attempt_from"]?.text }
          == ["header", "header", "unnamed", "directive"])
    }
  }
}
