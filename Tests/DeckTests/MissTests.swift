import Cassettes
import LosslessJSON
import Planning
import Testing

@testable import Deck
@testable import Matching

@Suite("A miss says what was nearest, and field by field what differed")
struct MissTests {
  private static func request(
    _ target: String, method: String = "POST", body: String = ""
  ) -> ComparableRequest {
    ComparableRequest(
      method: method, target: target, headers: [], body: Array(body.utf8), comparing: Comparison())
  }

  private static func differences(
    _ a: ComparableRequest, _ b: ComparableRequest
  ) -> [String] {
    var differences = Differences(a, b, headers: [])
    differences.addBody(a.body, b.body, isDeep: true)
    return differences.list.map { "\($0.at): \($0.recorded ?? "-") \($0.asked ?? "-")" }
  }

  @Test("each field that differs is named with both values, in their order")
  func fields() {
    #expect(
      Self.differences(
        Self.request(
          "/a?x=1&y=2&x=3&same=0", method: "GET", body: #"{"k":1,"l":[1,{"m~/":true}]}"#),
        Self.request("/b?x=1&z=9&same=0", body: #"{"l":[1,{"m~/":false},"new"],"n":null}"#))
        == [
          "method: GET POST", "path: /a /b", "query x: 1,3 1", "query y: 2 -", "query z: - 9",
          "body /k: 1 -", "body /l/1/m~0~1: true false", #"body /l/2: - "new""#, "body /n: - null",
        ])
    #expect(
      Self.differences(Self.request("/a?x=1&y=2"), Self.request("/a?y=2&x=1"))
        == ["query: x=1&y=2 y=2&x=1"])
    #expect(
      Self.differences(Self.request("/", body: "a"), Self.request("/", body: "{}"))
        == ["body: a {}"])
    #expect(
      Self.differences(Self.request("/", body: "1"), Self.request("/", body: "2"))
        == ["body: 1 2"])
  }

  @Test("long values are cut to where they begin to differ, and never inside a character")
  func shortened() throws {
    let same = String(repeating: "é", count: 200)
    let differences = Self.differences(
      Self.request("/", body: #"{"t":"\#(same)a\#(same)"}"#),
      Self.request("/", body: #"{"t":"\#(same)b"}"#))
    try #require(differences.count == 1)
    #expect(differences[0].contains("éa") && differences[0].contains("éb"))
    #expect(differences[0].utf8.count < 200 && !differences[0].contains("\u{FFFD}"))
  }

  @Test("of many differences the first are kept, and the others counted")
  func bounded() {
    let list = { (base: Int) in "[" + (0..<50).map { "\($0 + base)" }.joined(separator: ",") + "]" }
    let (a, b) = (Self.request("/", body: list(0)), Self.request("/", body: list(1)))
    var differences = Differences(a, b, headers: [])
    differences.addBody(a.body, b.body, isDeep: true)
    #expect(differences.list.count == 20)
    #expect(differences.more == 30)
  }

  @Test("the nearest differs in the fewest fields, though another begins and ends more alike")
  func nearest() throws {
    let long = String(repeating: "x", count: 300)
    var library = Library()
    library.add(
      cassette: "main",
      [
        .recorded([""], body: #"{"a":1,"b":2,"c":"\#(long)"}"#),
        .recorded([""], body: #"{"a":9,"b":9,"c":"\#(long)"}"#, at: 1),
        .recorded([""], body: #"{"a":9,"b":9,"c":"y"}"#, at: 2),
        .recorded([""], target: "/v1/message", body: #"{"a":9,"b":9,"c":"z"}"#, at: 3),
      ])
    let request = Self.request("/v1/messages", body: #"{"a":9,"b":9,"c":"z"}"#)
    let miss = Miss(library: library, request: request, isUsedUp: false)
    #expect(miss.detail?.nearest?.number == 2)
    #expect(miss.detail?.differences.map(\.at) == ["body /c"])
    #expect(
      Miss(library: Library(), request: request, isUsedUp: false).message
        .contains("serves no exchange at all"))
  }

  @Test("a library too large to look at as a whole is looked at where the path is the same first")
  func large() {
    var library = Library()
    library.add(cassette: "other", (0..<2_000).map { _ in .recorded([""], target: "/v2") })
    library.add(cassette: "main", [.recorded([""], body: "1")])
    let miss = Miss(
      library: library, request: Self.request("/v1/messages", body: "2"), isUsedUp: false)
    #expect(miss.detail?.nearest?.cassette == "main")
  }

  @Test("the journal has the differences, redacted, and --on-miss another status")
  func journalEntry() async throws {
    let secret = "sk-ant-api03-" + String(repeating: "A1b2C3d4", count: 11)
    let recorded = Exchange.recorded(["data: a\n\n"], body: #"{"model":"m","t":"x"}"#)
    let configure: @Sendable (inout DeckConfiguration) -> Void = {
      ($0.matchesBody, $0.missStatus) = (true, 599)
    }
    let (_, report) = try await TestDeck.serve([recorded], configure) { (port) throws in
      for _ in 1...2 {
        let answer = try ask(
          port, "/~session=s/v1/messages?beta=1", body: #"{"model":"n","t":"\#(secret)"}"#
        ).text
        #expect(answer.hasPrefix("HTTP/1.1 599"))
        #expect(answer.contains("x-should-retry: false"))
        #expect(!answer.contains(secret))
      }
      let entry = try #require(try journal(port).first)
      let detail = try #require(entry["miss_detail"])
      #expect(detail["nearest"]?["number"]?.integer == 1)
      #expect(
        detail["differences"]?.elements?.compactMap { $0["at"]?.text }
          == ["query beta", "body /model", "body /t"])
      #expect(detail["differences"]?.elements?[1]["recorded"]?.text == #""m""#)
      #expect(detail["differences"]?.elements?[1]["asked"]?.text == #""n""#)
      #expect(detail["more"]?.integer == 0)
      #expect(detail["command"]?.text?.hasPrefix("tapedeck serve 'main' --mode auto") == true)
      #expect(!String(decoding: entry.bytes, as: UTF8.self).contains(secret))
    }
    try #require(report.misses.count == 1)
    #expect(report.misses[0].hasPrefix("session s: no exchange matches POST /v1/messages?beta=1"))
    #expect(report.misses[0].hasSuffix("(2 times)"))
  }

  @Test(
    "the command asks the upstream that the nearest recording came from",
    arguments: [
      ("https://api.example.com/v1/messages", nil, "https://api.example.com"),
      ("https://proxy/base/v1/messages?x=1", "/v1/messages?x=1", "https://proxy/base"),
      ("https://other/elsewhere", "/v1/messages", "https://other"),
      (nil, "/v1/messages", "https://HOST"),
    ] as [(String?, String?, String)])
  func command(url: String?, path: String?, expected: String) {
    var exchange = Exchange.recorded([""], body: "1")
    (exchange.request.url, exchange.request.path) = (url, path)
    var library = Library()
    library.add(cassette: "main", [exchange], path: "t/main.tape")
    let asked = { (method: String, body: String) in
      Miss(
        library: library, request: Self.request("/v1/new", method: method, body: body),
        isUsedUp: false
      ).detail?.command
    }
    #expect(
      asked("POST", "{}")
        == "tapedeck serve 't/main.tape' --mode auto --upstream '\(expected)' --record-to 't/main.tape'"
    )
    #expect(
      asked("GET", "")
        == "tapedeck record '\(expected)/v1/new' -X GET --append -o 't/main.tape'")
  }
}
