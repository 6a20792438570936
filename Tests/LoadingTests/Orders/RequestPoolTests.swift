import Cassettes
import HTTP
import Loading
import Testing

struct RequestPoolTests {
  private func exchange(
    body: String = "{}", headers: [HeaderField] = [],
    url: String = "https://api.example.com/v1/m?a=b"
  ) -> Exchange {
    Exchange(
      request: RecordedRequest(
        id: "0", at: "", method: "POST", url: url, headers: headers, body: Array(body.utf8)),
      ending: Ending(how: .complete))
  }

  @Test func aRequestIsSentAsItWasRecordedWithoutWhatBelongsToTheConnection() {
    let recorded = exchange(
      body: #"{"stream":true}"#,
      headers: [
        HeaderField("Host", "api.example.com"), HeaderField("Content-Length", "15"),
        HeaderField("connection", "keep-alive, x-hop"), HeaderField("X-Hop", "1"),
        HeaderField("Accept-Encoding", "gzip"), HeaderField("Transfer-Encoding", "chunked"),
        HeaderField("Expect", "100-continue"), HeaderField("authorization", "XXXX"),
        HeaderField("Content-Type", "application/json"),
      ])
    let request = RequestPool(recorded: [(recorded, 3)]).requests[0]
    #expect(request.method == "POST")
    #expect(request.target == "/v1/m?a=b")
    #expect(
      request.headers == [
        HeaderField("authorization", "XXXX"), HeaderField("Content-Type", "application/json"),
      ])
    #expect(request.body == Array(#"{"stream":true}"#.utf8))
    #expect(request.exchange == recorded)
    #expect(request.exchangeNumber == 3)
  }

  @Test func requestsThatBringTheTurnsBeforeThemAreOneConversation() {
    let bodies = [
      #"{"messages":[1]}"#, #"{"messages":[1,2,3]}"#, #"{"messages":[1,2,3,4,5]}"#,
      #"{"messages":[1]}"#, #"{"input":[1]}"#, #"{"input":[1,2]}"#, "no JSON", "no JSON",
      #"{"contents":[9]}"#, #"{"contents":[8,9]}"#, #"{"messages":[]}"#, #"{"messages":[1]}"#,
    ]
    let pool = RequestPool(recorded: bodies.enumerated().map { (exchange(body: $1), $0 + 1) })
    #expect(
      pool.conversations == [0..<3, 3..<4, 4..<6, 6..<7, 7..<8, 8..<9, 9..<10, 10..<11, 11..<12])
    #expect(RequestPool([]).conversations.isEmpty)
  }

  @Test func whatADeckIsToldBesideTheTargetSplitsNoConversation() {
    var requests = [#"{"messages":[1]}"#, #"{"messages":[1,2,3]}"#].enumerated().map {
      LoadRequest(exchange(body: $1), number: $0 + 1)
    }
    for place in requests.indices { requests[place].target = "/~/exchange=\(place)/v1/m" }
    #expect(RequestPool(requests).conversations == [0..<2])
  }

  @Test func requestsAreTakenInOrder() throws {
    let orders = try LoadSchedule.of("constant:1/s").orders(5, of: .numbered(2))
    #expect(orders.map(\.request) == [0, 1, 0, 1, 0])
  }

  @Test(arguments: [
    ("random", [0.25, 0.25, 0.25, 0.25]), ("weights:3,1,0,4", [0.375, 0.125, 0, 0.5]),
  ])
  func requestsAreChosenByTheirWeights(choice: String, shares: [Double]) throws {
    let schedule = try LoadSchedule.of("constant:1000/s") {
      $0.choice = try RequestChoice(parsing: choice)
      $0.seed = 5
    }
    let orders = try schedule.orders(40_000, of: .numbered(4))
    for (request, share) in shares.enumerated() {
      let found = Double(orders.count { $0.request == request }) / 40_000
      #expect(abs(found - share) < 0.01, "request \(request): \(found)")
      #expect(share > 0 || found == 0)
    }
  }

  @Test(arguments: [
    ("orderd", "'orderd' is not a choice of requests; did you mean 'ordered'?"),
    ("weights", "did you mean 'weights:3,1'?"),
    ("weights:", "weight '' is not a whole number"), ("weights:1,-1", "weight '-1' is not a whole"),
    ("weights:0,0", "weights:0,0 chooses nothing: write a weight above 0"),
    ("weights:1,99999999999", "is not a whole number"),
  ])
  func aChoiceThatIsNoneIsRefused(text: String, message: String) {
    let error = #expect(throws: (any Error).self) { try RequestChoice(parsing: text) }
    #expect(error.map { "\($0)" }?.contains(message) == true, "\(String(describing: error))")
  }

  @Test func aConversationTakesTheRequestsThatGoOnWithEachOther() throws {
    let bodies = [#"{"messages":[1]}"#, #"{"messages":[1,2,3]}"#, #"{"messages":[7]}"#]
    let pool = RequestPool(recorded: bodies.enumerated().map { (exchange(body: $1), $0 + 1) })
    let schedule = try LoadSchedule.of("constant:1/s") { $0.turns = try TurnCount(parsing: "3") }
    var source = try schedule.source(of: pool)
    var requests: [[Int]] = []
    for _ in 0..<3 {
      var turns: [StreamOrder] = []
      var next = source.next()
      while let order = next {
        turns.append(order)
        next = source.turn(after: order, endedAt: 10)
      }
      requests.append(turns.map(\.request))
    }
    #expect(requests == [[0, 1, 0], [2, 2, 2], [0, 1, 0]])
  }
}
