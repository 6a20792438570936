import Judging
import Testing
import Torture

@Suite("A case")
struct CaseTests {
  @Test("has the first part of its id as its family")
  func family() {
    let torture = TortureCase(
      id: "cut/disconnect/event-12", title: "", clause: "", cassette: "a", exchange: 1, faults: [],
      expected: Expected(steps: [], whole: []))
    #expect(torture.family == "cut")
  }
}
