import Cassettes
import HTTP
import Testing

@testable import Comparing

@Suite("Two exchanges are compared part by part")
struct ExchangeComparisonTests {
  @Test("an exchange does not differ from itself, however closely it is looked at")
  func itself() {
    let exchange = Samples.exchange()
    #expect(Samples.differences(exchange, exchange, by: DiffRules(isStrict: true)).isEmpty)
  }

  @Test(
    "each change is one difference, of its kind and at its place",
    arguments: [
      (Samples.exchange(Samples.events(text: ["Hel", "p!"])), ["text text"]),
      (Samples.exchange(Samples.events(text: ["Hello"])), ["count events"]),
      (Samples.exchange(Samples.events(model: "m-2")), ["message /model"]),
      (Samples.exchange(Samples.events(tokens: 3)), ["usage /output_tokens"]),
      (
        Samples.exchange(Samples.events(extra: #","nonce":"x""#)),
        ["shape content_block_delta /nonce"]
      ),
      (Samples.exchange(status: 201), ["head status"]),
      (Samples.exchange(headers: [.init("server", "s")]), ["head header server"]),
      (Samples.exchange(body: #"{"model":"m-2","stream":true}"#), ["request body /model"]),
      (Samples.exchange(path: "/v1/others"), ["request path"]),
      (Samples.exchange(how: .reset), ["ending how"]),
      (
        Samples.exchange(gapUs: 90_000),
        ["timing first event", "timing median gap", "timing longest gap", "timing total"]
      ),
    ])
  func changes(now: Exchange, expected: [String]) {
    #expect(Samples.differences(Samples.exchange(), now) == expected)
  }

  @Test("what differs by nature is counted, and shown where it is asked for")
  func volatile() {
    let other = Samples.exchange(
      Samples.events(id: "msg_2"), headers: [.init("request-id", "r"), .init("date", "today")])
    let comparison = ExchangeComparison(
      ExchangeReading(of: Samples.exchange()), ExchangeReading(of: other))
    #expect(comparison.isSame)
    #expect(comparison.volatile == 3)
    let strict = Samples.differences(Samples.exchange(), other, by: DiffRules(isStrict: true))
    #expect(strict == ["head header request-id", "head header date", "message /id"])
  }

  @Test("a type of event that is new, and one that is gone, is named with an example")
  func types() {
    var events = Samples.events()
    events[4] = #"{"type":"content_block_paused","index":0}"#
    let comparison = ExchangeComparison(
      ExchangeReading(of: Samples.exchange()), ExchangeReading(of: Samples.exchange(events)))
    #expect(
      comparison.differences.filter { $0.kind == .types }.map(\.text) == [
        #"type of event gone: was in 1 event, the first was event 5, {"type":"content_block_stop","index":0}"#,
        #"new type of event: 1 event, the first is event 5, {"type":"content_block_paused","index":0}"#,
      ])
  }

  @Test("another order of types is told by where the orders part")
  func order() {
    var events = Samples.events()
    events.swapAt(4, 5)
    #expect(
      Samples.differences(Samples.exchange(), Samples.exchange(events)) == [
        "order after content_block_delta"
      ])
  }

  @Test("a kind that is ignored is left out, and with the text go the events that it comes in")
  func ignored() {
    let other = Samples.exchange(Samples.events(text: ["Good", "bye", "!"], tokens: 4))
    #expect(
      Samples.differences(Samples.exchange(), other) == [
        "count events", "text text", "usage /output_tokens",
      ])
    let rules = DiffRules(ignoring: [.text, .usage])
    #expect(Samples.differences(Samples.exchange(), other, by: rules).isEmpty)
  }

  @Test("a drift check sees what is new or gone, and no other answer to the same question")
  func drift() {
    let rules = DiffRules(isDrift: true)
    let another = Samples.exchange(
      Samples.events(text: ["Bye"], id: "msg_9", tokens: 9), gapUs: 500_000,
      headers: [.init("server", "other")])
    #expect(Samples.differences(Samples.exchange(), another, by: rules).isEmpty)
    let changed = Samples.exchange(Samples.events(text: ["Bye"], extra: #","nonce":null"#))
    #expect(
      Samples.differences(Samples.exchange(), changed, by: rules) == [
        "shape content_block_delta /nonce"
      ])
    #expect(
      Samples.differences(changed, Samples.exchange(), by: rules) == [
        "shape content_block_delta /nonce"
      ])
  }

  @Test("an answer in one piece is compared value by value")
  func pieces() {
    func answer(_ body: String) -> Exchange {
      var exchange = Samples.exchange([])
      exchange.head?.headers = [HeaderField("content-type", "application/json")]
      exchange.append(chunk: body.utf8, at: .zero)
      return exchange
    }
    let was = answer(#"{"id":"a","text":"one","usage":{"total":1}}"#)
    #expect(
      Samples.differences(was, answer(#"{"usage":{"total":1},"id":"b","text":"one"}"#)).isEmpty)
    #expect(
      Samples.differences(was, answer(#"{"id":"a","text":1,"usage":{"total":2}}"#)) == [
        "shape body /text", "text /text", "usage /usage/total",
      ])
  }

  @Test("arguments of tool calls are compared as JSON")
  func tools() {
    func call(_ arguments: String) -> Exchange {
      let text = arguments.replacing("\"", with: "\\\"")
      return Samples.exchange([
        #"{"type":"message_start","message":{"id":"m","content":[],"usage":{}}}"#,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"look","input":{}}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\#(text)"}}"#,
        #"{"type":"content_block_stop","index":0}"#, #"{"type":"message_stop"}"#,
      ])
    }
    #expect(Samples.differences(call(#"{"a":1,"b":2}"#), call(#"{"b": 2, "a": 1}"#)).isEmpty)
    #expect(
      Samples.differences(call(#"{"a":1,"b":2}"#), call(#"{"a":1,"b":3}"#)) == [
        "tools call 1 look /b"
      ])
  }
}
