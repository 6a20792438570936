import Cassettes
import Testing

@testable import Recorder

@Suite("What libcurl's codes mean")
struct TransferOutcomeTests {
  @Test(
    "with a head",
    arguments: [
      (0, 0, "", .complete), (18, 0, "closed", .truncated), (56, 104, "reset", .reset),
      (56, 0, "Illegal or missing hexadecimal sequence in chunked-encoding", .malformed),
      (56, 0, "SSL_read: unexpected eof while reading", .truncated), (92, 0, "stream", .reset),
      (55, 32, "pipe", .reset),
      (55, 0, "", .truncated), (16, 0, "", .malformed), (8, 0, "", .malformed),
      (1, 0, "", .malformed), (61, 0, "", .malformed), (27, 0, "", .malformed),
    ] as [(Int, Int, String, Ending.How)])
  func withHead(code: Int, errno: Int, text: String, how: Ending.How) {
    let outcome = TransferOutcome(code: code, systemError: errno, text: text)
    let ending = outcome.ending(hasHead: true, at: .zero)
    #expect(ending.how == how)
    #expect(ending.stage == nil)
    #expect(ending.curlCode == (code == 0 ? nil : code))
  }

  @Test(
    "without a head",
    arguments: [
      (6, .dns), (5, .dns), (7, .connect), (35, .tls), (60, .tls), (77, .tls), (52, .request),
      (55, .request), (56, .request), (92, .request), (100, .request),
    ] as [(Int, Ending.Stage)])
  func withoutHead(code: Int, stage: Ending.Stage) {
    let ending = TransferOutcome(code: code, text: "x").ending(hasHead: false, at: .zero)
    #expect(ending == Ending(how: .unreachable, stage: stage, detail: "x", curlCode: code))
  }

  @Test("what is no HTTP is malformed without a head too", arguments: [1, 8, 16])
  func grammarWithoutHead(code: Int) {
    let ending = TransferOutcome(code: code, text: "x").ending(hasHead: false, at: .zero)
    #expect(ending == Ending(how: .malformed, detail: "x", curlCode: code))
  }

  @Test("a code that does not say how far it got takes the stage that was seen")
  func stage() {
    let outcome = TransferOutcome(code: 28, text: "slow", stage: .tls)
    #expect(outcome.ending(hasHead: false, at: .zero).stage == .tls)
  }

  @Test("the detail holds no secret")
  func secret() {
    let key = "sk-ant-0123456789abcdef"
    let ending = TransferOutcome(code: 7, text: "at \(key)").ending(hasHead: false, at: .zero)
    #expect(ending.detail == "at ***********************")
  }
}
