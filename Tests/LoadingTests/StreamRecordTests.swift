import Loading
import Testing

struct StreamRecordTests {
  @Test func whatThisSideDidItselfIsNoError() {
    #expect(StreamOutcome.allCases.filter { !$0.isError } == [.whole, .cancelled])
  }
}
