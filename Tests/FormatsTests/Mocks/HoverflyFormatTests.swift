import Cassettes
import Formats
import HTTP
import Testing

@Suite("Hoverfly simulations")
struct HoverflyFormatTests {
  private static func captures(_ pairs: String, _ actions: String = "") throws -> [Capture] {
    let text = #"{"data":{"pairs":[\#(pairs)]\#(actions)},"meta":{"schemaVersion":"v5"}}"#
    return try MockReading.captures(text.utf8, "hoverfly")
  }

  @Test(
    "Matchers are lists, mappings or texts, by the version of the schema",
    arguments: [
      #""path":[{"matcher":"exact","value":"/a"}],"method":[{"matcher":"exact","value":"PUT"}],"#
        + #""destination":[{"matcher":"exact","value":"x.org"}],"scheme":[{"matcher":"exact","value":"http"}],"#
        + #""query":{"q":[{"matcher":"exact","value":"1 2"}]},"body":[{"matcher":"exact","value":"hi"}],"#
        + #""headers":{"H":[{"matcher":"exact","value":"v"}]}"#,
      #""path":{"exactMatch":"/a"},"method":{"exactMatch":"PUT"},"destination":{"exactMatch":"x.org"},"#
        + #""scheme":{"exactMatch":"http"},"queriesWithMatchers":{"q":{"exactMatch":"1 2"}},"#
        + #""body":{"exactMatch":"hi"},"headersWithMatchers":{"H":{"exactMatch":"v"}}"#,
      #""path":"/a","method":"PUT","destination":"x.org","scheme":"http","query":"q=1 2","#
        + #""body":"hi","headers":{"H":["v"]}"#,
    ])
  func schemas(request: String) throws {
    let pair =
      #"{"request":{\#(request)},"response":{"status":200,"body":"aGk=","encodedBody":true}}"#
    let capture = try #require(try Self.captures(pair).first)
    #expect(capture.request.method == "PUT")
    #expect(capture.request.url == "http://x.org/a?q=1%202")
    #expect(MockReading.text(capture.request.body) == "hi")
    #expect(capture.request.headers.map(\.value) == ["v"])
    #expect(MockReading.text(capture.body) == "hi")
    #expect(capture.losses.isEmpty)
  }

  @Test("Delays of an answer, and of all whose URL has a text")
  func delays() throws {
    let pairs =
      #"{"request":{"path":"/a"},"response":{"body":"x","fixedDelay":20}},"#
      + #"{"request":{"path":"/slow"},"response":{"body":"x"}},"#
      + #"{"request":{"path":"/b"},"response":{"body":"x"}}"#
    let captures = try Self.captures(
      pairs, #","globalActions":{"delays":[{"urlPattern":"slow","delay":70}]}"#)
    let exchanges = try captures.map(MockReading.exchange)
    #expect(exchanges[0].head?.at.count == 20_000)
    #expect(exchanges[1].head?.at.count == 70_000)
    #expect(captures[2].times == .unknown)
  }

  @Test("A sequence comes in its order")
  func sequence() throws {
    func pair(_ body: String, _ state: String, _ next: String) -> String {
      #"{"request":{"path":"/a","requiresState":{"sequence:1":"\#(state)"}},"#
        + #""response":{"body":"\#(body)","transitionsState":{"sequence:1":"\#(next)"}}}"#
    }
    let pairs = [pair("third", "3", "3"), pair("first", "1", "2"), pair("second", "2", "3")]
    let bodies = try Self.captures(pairs.joined(separator: ",")).map { MockReading.text($0.body) }
    #expect(bodies == ["first", "second", "third"])
  }

  @Test("Patterns are said")
  func patterns() throws {
    let pair =
      #"{"request":{"path":[{"matcher":"glob","value":"/v1/*"}],"#
      + #""body":[{"matcher":"regex","value":".*"}]},"response":{"body":"{{ x }}","templated":true}}"#
    let capture = try #require(try Self.captures(pair).first)
    #expect(capture.request.url == "/v1/")
    #expect(capture.losses.count == 3)
  }
}
