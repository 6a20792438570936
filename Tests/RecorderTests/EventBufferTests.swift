import Cassettes
import Testing

@testable import Recorder

@Suite("Events wait for whoever reads them")
struct EventBufferTests {
  @Test("one tick waits at most, and none behind other events")
  func ticks() async {
    let buffer = EventBuffer()
    buffer.add([.tick(at: .zero)])
    buffer.add([.tick(at: .zero)])
    #expect(await buffer.next() == [.tick(at: .zero)])
    buffer.add([.chunk([1], at: .zero)])
    buffer.add([.tick(at: .zero)])
    buffer.add([.ended(Ending(how: .complete))])
    buffer.add([.chunk([2], at: .zero)])
    #expect(await buffer.next() == [.chunk([1], at: .zero), .ended(Ending(how: .complete))])
    #expect(await buffer.next() == [])
  }
}
