import Cassettes
import HTTP
import Planning
import Reports
import Testing

@Suite("The picture of a stream")
struct StreamPictureTests {
  /// A recorded answer in which that many words come, one each 20 ms, with a pause before the last.
  static func exchange(words: Int, how: Ending.How = .complete, text: String = "word ") -> Exchange
  {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "1", at: "2026-11-22T15:01:16.267775Z", method: "POST", path: "/v1/chat/completions"),
      head: ResponseHead(
        status: 200, headers: [.init("content-type", "text/event-stream")],
        at: Microseconds(saturating: 150_000)),
      ending: Ending(how: how, at: Microseconds(saturating: 4_000_000)))
    for number in 0..<words {
      let pause: Int64 = number == words - 1 ? 1_500_000 : 0
      exchange.append(
        chunk: Array(
          "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(text)\"}}]}\n\n".utf8),
        at: Microseconds(saturating: 180_000 + Int64(number) * 20_000 + pause))
    }
    return exchange
  }

  @Test("shows arrivals, gaps with their length, events by type, the text and the end")
  func lanes() {
    let exchange = Self.exchange(words: 30, how: .reset)
    let svg = String(decoding: StreamPicture(exchange, title: "a <title>").bytes, as: UTF8.self)
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 "))
    for part in [
      "<title>a &lt;title&gt;</title>", ">1.52 s</text>", ">delta</text>", ">30</text>",
      ">ended: reset</text>", "150 bytes", "the text at the end", "…word word",
      "of 200 ms or more", "prefers-color-scheme: dark",
    ] { #expect(svg.contains(part), "no \(part)") }
  }

  @Test("says that a body which ends well has half a message")
  func half() {
    let svg = String(
      decoding: StreamPicture(Self.exchange(words: 3), title: "").bytes, as: UTF8.self)
    #expect(svg.contains("ended: complete, but the message is not whole"))
  }

  @Test("draws a stream of nothing, of one byte, and of very many", arguments: [0, 1, 20_000])
  func sizes(words: Int) {
    let exchange = Self.exchange(words: words)
    let svg = StreamPicture(exchange, title: "").bytes
    #expect(svg.count < 200_000)
    var page = StreamPage(name: "x")
    page.add(exchange, number: 1)
    #expect(page.bytes.count < 400_000)
  }

  @Test(
    "lets no text of a stream become markup", arguments: ["</script><b>", "\u{202E}<b>", "<!--<b>"])
  func hostile(text: String) {
    let exchange = Self.exchange(words: 4, text: text)
    var page = StreamPage(name: text)
    page.add(exchange, number: 1)
    var plans = PlanPage(name: text)
    if let plan = try? Planner().plan(exchange) { plans.add(plan, of: exchange, number: 1) }
    for bytes in [StreamPicture(exchange, title: text).bytes, page.bytes, plans.bytes] {
      for markup in ["<b>", "</script", "<!--", "\u{202E}"] {
        #expect(bytes.firstRange(of: Array(markup.utf8)) == nil, "\(markup) is markup")
      }
    }
  }

  @Test("has the recording above and the plan below, with its faults at their bytes")
  func plan() throws {
    let exchange = Self.exchange(words: 10)
    let options = PlanOptions(faults: [try FaultSpec(parsing: "reset@event:4")])
    let plan = try Planner().plan(exchange, options)
    var page = PlanPage(name: "x.tape")
    page.add(plan, of: exchange, number: 1)
    let text = String(decoding: page.bytes, as: UTF8.self)
    for part in [
      "The recording", "The plan", "reset@event:4 · byte ", "<strong>breaking</strong>", "10 → 3",
      "complete → reset",
    ] { #expect(text.contains(part), "no \(part)") }
  }

  @Test("counts the exchanges for which there is no room")
  func many() {
    var page = StreamPage(name: "x")
    for number in 1...(StreamPage.exchangeLimit + 2) {
      page.add(Self.exchange(words: 1), number: number)
    }
    #expect(String(decoding: page.bytes, as: UTF8.self).contains("2 more exchanges are not drawn"))
  }
}
