import Dispatch
import Synchronization
import Testing

@testable import Deck

@Suite("What request bodies take up together")
struct BodyBudgetTests {
  @Test("a body counts until nobody has it, and what is refused counts for nothing")
  func counts() {
    let budget = BodyBudget(limitBytes: 1000)
    do {
      let share = BodyShare(of: budget)
      #expect(share.add(600))
      #expect(!share.add(401))
      #expect(budget.usedBytes == 600)
      #expect(share.add(400))
      #expect(!BodyShare(of: budget).add(1))
      #expect(budget.usedBytes == 1000)
    }
    #expect(budget.usedBytes == 0)
    #expect(!BodyShare(of: budget).add(Int.max))
  }

  @Test("a body for which there is room is not refused beside others for which there is none")
  func sideBySide() {
    let budget = BodyBudget(limitBytes: 1000)
    let refused = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for _ in 0..<20_000 {
        let share = BodyShare(of: budget)
        if thread.isMultiple(of: 2) {
          #expect(!share.add(1001))
        } else if !share.add(500) {
          refused.add(1, ordering: .relaxed)
        }
      }
    }
    #expect(refused.load(ordering: .relaxed) == 0)
    #expect(budget.usedBytes == 0)
  }
}
