import NIOCore
import NIOEmbedded
import Testing

@testable import Deck

@Suite("A client that pipelines without end lets the streams of its loop go first")
struct TurnTests {
  @Test("a few requests are answered at once, and the rest in turns, in order")
  func turns() throws {
    let channel = EmbeddedChannel()
    let answerer = try Answerer(
      configuration: DeckConfiguration(), shelf: Shelf(Library(comparing: Comparison())))
    let scene = ConnectionScene(
      answerer: answerer, limits: DeckLimits(), loop: channel.eventLoop, turn: (0, 1))
    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(scene))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    let wanted = (10...39).map { "/missing\($0)" }
    let asked = wanted.map { "GET \($0) HTTP/1.1\r\nhost: a\r\n\r\n" }.joined()
    try channel.writeInbound(ByteBuffer(string: asked))
    var answers = try Self.answers(channel)
    #expect(answers.count == ConnectionHandler.requestsPerTurn)
    for _ in 1...100_000 where answers.count < wanted.count {
      channel.embeddedEventLoop.advanceTime(to: .now() + .seconds(1))
      answers += try Self.answers(channel)
    }
    #expect(answers.count == wanted.count)
    #expect(zip(answers, wanted).allSatisfy { $0.contains($1) })
    _ = try channel.finish(acceptAlreadyClosed: true)
  }

  private static func answers(_ channel: EmbeddedChannel) throws -> [String] {
    var answers: [String] = []
    while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
      answers.append(String(buffer: bytes))
    }
    return answers
  }
}
