import EventStream
import Testing

@Suite("The encoder")
struct EncoderTests {
  private func text(of events: ServerSentEvent...) -> String {
    var encoder = EventStreamEncoder()
    return String(decoding: events.flatMap { encoder.encode($0) }, as: UTF8.self)
  }

  @Test("a message is its data lines and a blank line")
  func message() {
    #expect(text(of: ServerSentEvent(data: "a")) == "data: a\n\n")
    #expect(text(of: ServerSentEvent(data: "a\n\n b")) == "data: a\ndata:\ndata:  b\n\n")
    #expect(text(of: ServerSentEvent(data: "")) == "data:\n\n")
    #expect(text(of: ServerSentEvent(type: "", data: "a")) == "data: a\n\n")
  }

  @Test("the type is written unless it is message")
  func type() {
    #expect(text(of: ServerSentEvent(type: "ping", data: "a")) == "event: ping\ndata: a\n\n")
  }

  @Test("the ID is written where it changes, to none too")
  func lastEventID() {
    let events = ["", "1", "1", "", "e\u{301}", "\u{E9}"].map {
      ServerSentEvent(data: "", lastEventID: $0)
    }
    var encoder = EventStreamEncoder()
    let blocks = events.map { Array(encoder.encode($0).dropLast(7)) }
    #expect(
      blocks
        == ["", "id: 1\n", "", "id:\n", "id: e\u{301}\n", "id: \u{E9}\n"].map { Array($0.utf8) })
  }

  @Test("what the grammar cannot carry never makes another line")
  func injection() {
    let event = ServerSentEvent(
      type: "a\r\ndata: b", data: "c\rd\r\ne\n", lastEventID: "f\ndata: g")
    #expect(
      text(of: event) == "event: adata: b\nid: fdata: g\ndata: c\ndata: d\ndata: e\ndata:\n\n")
    #expect(text(of: ServerSentEvent(data: "a", lastEventID: "b\u{0}")) == "data: a\n\n")
  }

  @Test("comments and the reconnection time are blocks of their own")
  func others() {
    #expect(EventStreamEncoder.comment("ping") == Array(": ping\n\n".utf8))
    #expect(EventStreamEncoder.comment("a\r\rdata: b") == Array(": a\n:\n: data: b\n\n".utf8))
    #expect(
      EventStreamEncoder.retry(milliseconds: .max) == Array("retry: 18446744073709551615\n\n".utf8))
    let reading = Reading(pieces: [
      EventStreamEncoder.comment(""), EventStreamEncoder.retry(milliseconds: 5),
    ])
    #expect(reading.events.isEmpty)
    #expect(reading.retry == 5)
  }
}
