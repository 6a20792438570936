import Planning
import Synchronization
import Testing

@testable import Deck

@Suite("What is worked on for clients is bounded")
struct WorkloadTests {
  @Test("a request makes no room before its response is there, whoever is gone")
  func counts() {
    let load = Workload(limit: 2)
    let given = Atomic(0)
    let recipients = (0..<2).map { _ in
      #expect(!load.isFull)
      return load.counted { _ in given.add(1, ordering: .relaxed) }
    }
    #expect(load.isFull)
    for recipient in recipients {
      recipient(
        .answer(Answer(plan: SharedPlan(reply: DeckReply(status: 204), to: ClientTraits()))))
      #expect(!load.isFull)
    }
    #expect(given.load(ordering: .relaxed) == 2)
  }
}
