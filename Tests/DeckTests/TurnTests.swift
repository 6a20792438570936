import Libc
import NIOCore
import Testing

@testable import Deck

@Suite("A client that pipelines without end lets the streams of its loop go first")
struct TurnTests {
  @Test("a few requests are answered at once, and the rest in turns, in order")
  func turns() throws {
    let answerer = try Answerer(
      configuration: DeckConfiguration(), shelf: Shelf(Library(comparing: Comparison())))
    let scene = ConnectionScene(
      answerer: answerer, limits: DeckLimits(), mailbox: try Mailbox(), turn: (0, 1))
    let pair = try SocketPair()
    let connection = Connection(Wire(pair.served), scene)
    let (id, isAdmitted) = scene.connections.add(connection)
    connection.begin(as: id, isAdmitted: isAdmitted)

    let wanted = (10...39).map { "/missing\($0)" }
    pair.send(wanted.map { "GET \($0) HTTP/1.1\r\nhost: a\r\n\r\n" }.joined())
    connection.socketIsReady(.read)
    var answers = pair.answers()
    #expect(answers.count == Connection.requestsPerTurn)
    let end = NIODeadline.now() + .seconds(10)
    while answers.count < wanted.count, NIODeadline.now() < end {
      scene.performer.perform()
      answers += pair.answers()
    }
    #expect(answers.count == wanted.count)
    #expect(zip(answers, wanted).allSatisfy { $0.contains($1) })
    connection.abort()
    #expect(scene.connections.size == 0)
  }
}

/// Two sockets that are connected: one to be served, and the client's.
private final class SocketPair {
  let served: Int32
  private let client: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    (served, client) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
  }

  deinit { close(client) }

  func send(_ text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { write(client, $0.baseAddress, $0.count) } > 0)
  }

  /// The answers that are there, each from its status line on.
  func answers() -> [String] {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = bytes.withUnsafeMutableBytes { read(client, $0.baseAddress, $0.count) }
    guard count > 0 else { return [] }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    return text.split(separator: "HTTP/1.1 ").map(String.init)
  }
}
