import Load
import Testing

struct LoadOptionsTests {
  @Test func connectionsAreReusedUnlessToldOtherwise() {
    #expect(LoadOptions().reusesConnections)
  }
}
