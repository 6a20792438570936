import EventStream
import LosslessJSON
import Testing

@testable import Dialects

@Suite("What a plain stream's events add up to")
struct PlainStateTests {
  private func accumulated(_ events: [ServerSentEvent]) -> MessageAccumulator {
    var accumulator = MessageAccumulator(PlainDialect())
    for event in events { accumulator.take(event) }
    return accumulator
  }

  @Test("the message is the list of the events, with their ids where they have one")
  func message() {
    let accumulator = accumulated([
      ServerSentEvent(data: "one\ntwo"), ServerSentEvent(type: "note", data: #"{"a":1}"#),
      ServerSentEvent(data: "", lastEventID: "7"),
    ])
    #expect(
      accumulator.message?.bytes
        == Array(
          (#"[{"event":"message","data":"one\ntwo"},{"event":"note","data":"{\"a\":1}"},"#
            + #"{"event":"message","data":"","id":"7"}]"#).utf8))
  }

  @Test("the text is the data of the events, each with a line feed")
  func text() {
    var accumulator = MessageAccumulator(PlainDialect())
    #expect(accumulator.message == nil)
    #expect(accumulator.take(ServerSentEvent(data: "one\ntwo")) == Array("one\ntwo\n".utf8))
    #expect(accumulator.take(ServerSentEvent(type: "é", data: "")) == Array("\n".utf8))
    #expect(accumulator.text == Array("one\ntwo\n\n".utf8))
    #expect(
      accumulator.content == [
        MessagePart(.text, Array("one\ntwo\n".utf8)),
        MessagePart(.text, name: "é", Array("\n".utf8)),
      ])
  }

  @Test("nothing is wrong with any event, and the message is always whole")
  func anything() {
    let accumulator = accumulated(
      ["", "{", "[DONE]", #"{"error":{}}"#].map { ServerSentEvent(data: $0) })
    #expect(accumulator.log.problemCount == 0)
    #expect(accumulator.log.unrecognized.isEmpty)
    #expect(accumulator.completeness == .complete)
    #expect(accumulator.stopReason == nil)
    #expect(accumulator.usage == nil)
    #expect(accumulated([]).completeness == .complete)
  }

  @Test("many events and large ones are taken")
  func large() {
    var accumulator = MessageAccumulator(PlainDialect())
    for _ in 0..<100_000 { accumulator.take(ServerSentEvent(data: "a")) }
    accumulator.take(ServerSentEvent(data: String(repeating: "b", count: 1 << 20)))
    #expect(accumulator.text.count == 200_000 + (1 << 20) + 1)
    #expect(accumulator.message?.elements?.count == 100_001)
  }

  @Test("an event has the name of its event line, and none is the last")
  func names() {
    for type in ["message", "error", "message_stop"] {
      let event = ServerSentEvent(type: type, data: "[DONE]")
      #expect(PlainDialect().name(of: event) == type)
      #expect(!PlainDialect().isTerminal(event))
    }
  }

  @Test("what it sends says plainly what it is")
  func shapes() {
    let dialect = PlainDialect()
    let reply = dialect.reply(to: APIError(status: 529, message: "m", retryAfter: .seconds(3)))
    #expect(reply.status == 529)
    #expect(reply.headers.contains(.init("content-type", "application/json")))
    #expect(reply.headers.contains(.init("retry-after", "3")))
    #expect(String(decoding: reply.body, as: UTF8.self).contains(#""message":"m""#))
    #expect(String(decoding: dialect.ping, as: UTF8.self) == ": ping\n\n")
    #expect(
      String(decoding: dialect.errorEvent(type: "a_type", message: "m"), as: UTF8.self)
        == "event: error\ndata: "
        + #"{"type":"error","error":{"type":"a_type","message":"m"}}"# + "\n\n")
    #expect(
      String(decoding: dialect.unknownEvent, as: UTF8.self)
        == "event: tapedeck_unknown\ndata: " + #"{"type":"tapedeck_unknown"}"# + "\n\n")
  }
}
