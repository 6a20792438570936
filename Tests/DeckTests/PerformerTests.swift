import Testing
import Units

@testable import Deck

@Suite("A performer keeps what is to come, and not much more")
struct PerformerTests {
  @Test("the wakes of connections that are gone do not pile up")
  func sweep() {
    let connections = Connections(count: ConnectionCount(), limit: 1)
    let performer = Performer(
      turn: (0, 1), connections: connections, lateness: LatenessMeter())
    let gone = Connections.ID(seat: 7, turn: 0)
    for hour in 1...100_000 {
      performer.wake(gone, at: .now() + .seconds(3600 * hour), for: .idle)
    }
    #expect(performer.wakes <= 4096)
  }
}
