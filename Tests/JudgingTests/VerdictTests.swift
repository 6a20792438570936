import Judging
import Testing

@Suite("What a verdict means")
struct VerdictTests {
  @Test("what nobody can tell, and what is allowed, is not the client's fault")
  func isWrong() {
    #expect(!ContentVerdict.unknown.isWrong)
    #expect(!ContentVerdict.harnessError.isWrong)
    #expect(!ConductVerdict.retriedAfterContent.isWrong)
  }
}
