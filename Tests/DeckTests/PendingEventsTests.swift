import Cassettes
import Recorder
import Testing

@testable import Deck

@Suite("Events that wait to be taken in")
struct PendingEventsTests {
  private func time(_ count: Int64) -> Microseconds { Microseconds(saturating: count) }

  @Test("come back as they came, in order")
  func order() {
    let events: [RecordingEvent] = [
      .head(ResponseHead(status: 200, framing: .chunked, headers: [])),
      .chunk([1, 2, 3], at: time(5)), .chunk([], at: time(6)), .chunk([4], at: time(6)),
      .tick(at: time(7)), .marker("paused", at: time(8)), .chunk([5, 6], at: time(9)),
      .ended(Ending(how: .complete, at: time(9))),
    ]
    var pending = PendingEvents()
    #expect(Array(pending).isEmpty)
    for event in events { pending.append(event) }
    #expect(Array(pending) == events)
  }

  @Test("of ticks in a row one is kept")
  func ticks() {
    var pending = PendingEvents()
    for number in 0..<5 { pending.append(.tick(at: time(Int64(number)))) }
    pending.append(.chunk([1], at: time(5)))
    pending.append(.tick(at: time(6)))
    #expect(Array(pending) == [.tick(at: time(0)), .chunk([1], at: time(5)), .tick(at: time(6))])
  }
}
