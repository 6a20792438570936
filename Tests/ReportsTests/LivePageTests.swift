import Foundation
import LosslessJSON
import Reports
import Testing

@Suite("The page of a deck")
struct LivePageTests {
  private static func request(_ number: Int, session: String, _ more: String = "") -> LiveRequest {
    let entry =
      #"{"id":\#(number),"at":"2026-11-22T15:01:16.267775Z","session":"\#(session)","attempt":1,"#
      + #""method":"POST","path":"/v1/messages","status":200\#(more)}"#
    return LiveRequest(
      at: 1_700_000_000_000_000 + Int64(number) * 40_000, session: session,
      entry: (try? JSONValue(parsing: entry)) ?? .null)
  }

  private static func text(_ requests: [LiveRequest]) -> String {
    let page = LivePage(requests, facts: [("requests", "\(requests.count)")])
    return String(decoding: page.bytes, as: UTF8.self)
  }

  @Test("has each session with its requests, and what happened to them")
  func whole() {
    let text = Self.text([
      Self.request(
        1, session: "t1", #","ended":"reset","faults":[{"fault":"reset@event:3","byte":512}]"#),
      Self.request(2, session: "t1", #","ended":"complete","bytes":6001"#),
      Self.request(3, session: "t2", #","ended":null,"conduct":"retry-storm""#),
      Self.request(4, session: "", #","miss":"nothing matched""#),
    ])
    for part in [
      "<code>t1</code> <span class=\"quiet\">2 requests, 1 complete, 1 with faults</span>",
      "<a href=\"api/sessions/t1\">JSON</a>", "reset@event:3 · reset", "15:01:16.267",
      "under way · retry-storm", "without a session", "nothing matched",
      "http-equiv=\"refresh\" content=\"5\"",
    ] { #expect(text.contains(part), "no \(part)") }
    #expect(!text.contains("<script"))
  }

  @Test("has something to say before the first request")
  func empty() { #expect(Self.text([]).contains("No request has come yet.")) }

  @Test("has the newest 50 sessions and 200 requests")
  func bounded() {
    let text = Self.text((1...600).map { Self.request($0, session: "s\($0)") })
    #expect(text.components(separatedBy: "class=\"session\"").count == 51)
    #expect(text.components(separatedBy: "<tr><td").count == 201)
    #expect(text.contains("<code>s600</code>") && !text.contains("<code>s550</code>"))
    #expect(text.contains("the newest 50 sessions among the last 400 requests"))
  }

  @Test(
    "lets no text of a client become markup", arguments: ["</code><b>", "x\\\"onload=", "a/../b"])
  func hostile(name: String) {
    let text = Self.text([Self.request(1, session: name, #","miss":"<b>""#)])
    #expect(!text.contains("<b>") && !text.contains("\"onload"))
    #expect(!text.contains("href=\"api/sessions/"))
  }
}
