import EventStream
import LosslessJSON
import Testing

@testable import Dialects

@Suite struct AnthropicScaleTests {
  typealias Reading = AnthropicReading

  @Test("a hundred thousand deltas and a delta of a megabyte make one text")
  func long() {
    var reading = Reading(Reading.start, Reading.block(0, Reading.emptyText))
    let small = ServerSentEvent(type: "content_block_delta", data: Reading.text(0, "word "))
    for _ in 0..<100_000 { reading.take(small) }
    let word = String(repeating: "x", count: 1_000_000)
    reading.take([Reading.text(0, word)])
    #expect(reading.accumulator.text.count == 1_500_000)
    #expect(reading.problems.isEmpty)
  }

  /// The least time of three, as another process may have taken the processor from one of them.
  private func time(_ body: () -> Void) -> Duration {
    let clock = ContinuousClock()
    return (0..<3).map { _ in clock.measure(body) }.min() ?? .zero
  }

  @Test("ten times the deltas need some ten times the time, with a look at the message after each")
  func linearText() {
    let delta = ServerSentEvent(type: "content_block_delta", data: Reading.text(0, "word "))
    func run(_ count: Int) -> Duration {
      time {
        var accumulator = MessageAccumulator(AnthropicDialect())
        for data in [Reading.start, Reading.block(0, Reading.emptyText)] {
          accumulator.take(ServerSentEvent(type: "x", data: data))
        }
        for _ in 0..<count {
          accumulator.take(delta)
          #expect(accumulator.message != nil)
        }
      }
    }
    #expect(run(20_000) < run(2000) * 40)
  }

  @Test("so do the pieces of a tool's input, cut where they may be")
  func linearInput() {
    func run(_ count: Int) -> Duration {
      time {
        var accumulator = MessageAccumulator(AnthropicDialect())
        for data in [
          Reading.start, Reading.block(0, Reading.tool), Reading.input(0, #"{"list":[0"#),
        ] {
          accumulator.take(ServerSentEvent(type: "x", data: data))
        }
        for index in 0..<count {
          let piece = Reading.input(0, index % 2 == 0 ? #",{"a":"b"# : #"c"},1"#)
          accumulator.take(ServerSentEvent(type: "x", data: piece))
          #expect(accumulator.message != nil)
        }
      }
    }
    #expect(run(20_000) < run(2000) * 40)
  }
}
