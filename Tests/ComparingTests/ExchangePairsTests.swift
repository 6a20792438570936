import Cassettes
import Testing

@testable import Comparing

@Suite("Exchanges of two cassettes are paired by what they ask")
struct ExchangePairsTests {
  private static func request(_ text: String) -> RecordedRequest {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    return RecordedRequest(
      id: "", at: "", method: "POST", url: "https://h\(parts[0])",
      body: parts.count > 1 ? Array(parts[1].utf8) : [])
  }

  private static func pairs(_ was: [String], _ now: [String]) -> String {
    let pairs = ExchangePairs(was.map(request), now.map(request))
    return pairs.pairs.map { "\($0.was)-\($0.now)" }.joined(separator: " ")
      + " | \(pairs.onlyWas) \(pairs.onlyNow)"
  }

  @Test(
    "equal requests first, then those of one path, then those of one place",
    arguments: [
      ([#"/a {"x":1,"y":2}"#, "/b"], ["/b", #"/a {"y":2, "x":1}"#], "0-1 1-0 | [] []"),
      (["/a 1", "/a 1"], ["/a 1", "/a 1", "/a 1"], "0-0 1-1 | [] [2]"),
      (["/a 1", "/a 2"], ["/a 2", "/a 3"], "0-1 1-0 | [] []"),
      (["/a"], ["/b"], "0-0 | [] []"),
      (["/a", "/b", "/c"], ["/c"], "2-0 | [0, 1] []"),
      ([], ["/c"], " | [] [0]"),
    ])
  func pairs(was: [String], now: [String], expected: String) {
    #expect(Self.pairs(was, now) == expected)
  }

  @Test("many exchanges that nothing pairs are left over in time that grows with their number")
  func many() {
    let was = (0..<5000).map { "/a \($0)" }
    let now = (0..<5000).map { "/b \($0)" }
    #expect(ExchangePairs(was.map(Self.request), now.map(Self.request)).pairs.count == 5000)
  }
}
