import Cassettes
import Deck
import LosslessJSON
import Planning
import Testing

@Suite("A pace like another cassette")
struct LikePaceTests {
  private static let played = Exchange.recorded(["data: a\n\n", "data: b\n\n", "data: c\n\n"])

  /// A stream with 30 ms before its second event.
  private static let slow: Exchange = {
    var exchange = Exchange.recorded([], at: 1)
    exchange.append(chunk: Array("data: x\n\n".utf8), at: Microseconds(saturating: 10_000))
    exchange.append(chunk: Array("data: y\n\n".utf8), at: Microseconds(saturating: 40_000))
    exchange.ending.at = Microseconds(saturating: 40_000)
    return exchange
  }()

  private static let cut = Exchange.recorded(["data: x\n\n", "data: y\n\n"], how: .reset, at: 2)

  @Test("plays the bytes of one cassette at the times of the other")
  func plays() async throws {
    try await TestDeck.serve([Self.played], also: [("sub/slow", [Self.cut, Self.slow])]) {
      (port) throws in
      for number in 1...2 {
        let start = ContinuousClock.now
        let answer = try ask(port, "/~cassette=main/~pace=like:sub%2Fslow/v1/messages")
        #expect(answer.text.hasSuffix("data: c\n\n\r\n0\r\n\r\n"), "\(answer.text)")
        // 10 ms to the first event, and twice 30 ms.
        #expect(ContinuousClock.now - start >= .milliseconds(70))
        let entry = try #require(try journal(port).last)
        #expect(
          entry["reproduce"]?.text
            == "cassette=main;exchange=1;pace=like:sub%2Fslow;seed=0;attempt=\(number);fault=none")
      }
    }
  }

  @Test(
    "a cassette that is not there or has no whole stream is a 400 that says so",
    arguments: [("slwo", "there is no cassette 'slwo'; did you mean 'slow'?"), ("cut", "no whole")])
  func refuses(name: String, said: String) async throws {
    try await TestDeck.serve([Self.played], also: [("slow", [Self.slow]), ("cut", [Self.cut])]) {
      (port) throws in
      let answer = try ask(port, headers: ["tapedeck: cassette=main; pace=like:\(name)"])
      #expect(answer.text.hasPrefix("HTTP/1.1 400 "), "\(answer.text)")
      #expect(answer.text.contains(said), "\(answer.text)")
    }
  }
}
