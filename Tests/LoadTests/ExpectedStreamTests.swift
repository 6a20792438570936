import Planning
import Testing

@testable import Load

@Suite("What a recording leads a reader to expect")
struct ExpectedStreamTests {
  @Test(
    "events have times where the pace says them, and none where chance does",
    arguments: [
      ("recorded", true), ("gap:5ms", true), ("model:gap=5ms", true), ("recorded,jitter:5%", false),
      ("model:gap=lognormal(5ms,0.3)", false), ("like:other", false),
    ])
  func times(pace: String, areKnown: Bool) throws {
    let expected = ExpectedStream(LoadRunTests.exchange, pace: try Pace(parsing: pace))
    #expect(expected.ends.count == 9)
    #expect(expected.offsets.count == (areKnown ? 9 : 0))
  }
}
