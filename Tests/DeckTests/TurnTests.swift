import Sockets
import TestSupport
import Testing
import Units

@testable import Deck
@testable import Matching

@Suite("A client that pipelines without end lets the streams of its loop go first")
struct TurnTests {
  @Test("a few requests are answered at once, and the rest in turns, in order")
  func turns() throws {
    var configuration = DeckConfiguration()
    configuration.allowedHosts = ["deck.test"]
    let answerer = try Answerer(
      configuration: configuration, shelf: Shelf(Library(comparing: Comparison())))
    let scene = ConnectionScene(
      answerer: answerer, limits: DeckLimits(), mailbox: try Mailbox<ServingLoop>(), turn: (0, 1))
    let pair = try SocketPair()
    let connection = Connection(Wire(pair.served), scene)
    let (id, isAdmitted) = scene.connections.add(connection)
    connection.begin(as: id, isAdmitted: isAdmitted)

    let wanted = (10...39).map { "/missing\($0)" }
    pair.send(wanted.map { "GET \($0) HTTP/1.1\r\nhost: deck.test\r\n\r\n" }.joined())
    connection.socketIsReady(.read)
    var answers = pair.answers()
    #expect(answers.count == Connection.requestsPerTurn)
    let end = Instant.now() + .seconds(10)
    while answers.count < wanted.count, Instant.now() < end {
      scene.performer.perform()
      answers += pair.answers()
    }
    #expect(answers.count == wanted.count)
    #expect(zip(answers, wanted).allSatisfy { $0.contains($1) })
    connection.abort()
    #expect(scene.connections.size == 0)
  }
}

extension SocketPair {
  /// The answers that are there, each from its status line on.
  fileprivate func answers() -> [String] {
    String(decoding: bytes(), as: UTF8.self).split(separator: "HTTP/1.1 ").map(String.init)
  }
}
