import Cassettes
import HTTP
import Loading
import Testing

@testable import Load

/// How a run begins streams, goes on behind them, and ends.
struct LoadScheduleTests {
  private static let asking = [
    LoadRequest(
      method: "POST", target: "/v1/messages", body: Array(#"{"model":"m","stream":true}"#.utf8))
  ]

  private static func answering() throws -> ScriptedServer {
    try ScriptedServer { client, _ in
      while client.request() != nil { client.send(Answers.chunked) }
    }
  }

  private static func silent() throws -> ScriptedServer {
    try ScriptedServer { client, _ in
      _ = client.request()
      client.waitForEnd()
    }
  }

  @Test func aConnectionIsKeptForTheNextStream() async throws {
    let server = try ScriptedServer { client, index in
      while client.request() != nil {
        if index == 0 { client.send(Answers.measured) }
      }
    }
    let loaded = try await load(server.port, ListedOrders.closed(1, count: 20), Self.asking)
    #expect(loaded.records.map(\.outcome) == Array(repeating: .whole, count: 20))
  }

  @Test func aKeptConnectionThatWasClosedMeanwhileIsNoFailure() async throws {
    let server = try ScriptedServer { client, _ in
      // Each answers once, and closes when the next request comes.
      guard client.request() != nil else { return }
      client.send(Answers.chunked)
      _ = client.request()
    }
    let loaded = try await load(server.port, ListedOrders.closed(1, count: 4), Self.asking)
    #expect(loaded.records.map(\.outcome) == Array(repeating: .whole, count: 4))
    #expect(loaded.outcome.meter.reasked == 3)
  }

  @Test func aServerThatHadTheRequestAndBrokeIsAFailure() async throws {
    let server = try ScriptedServer { client, _ in
      guard client.request() != nil else { return }
      client.send(Answers.chunked)
      _ = client.request()
      client.pause(milliseconds: 1000)
    }
    let loaded = try await load(server.port, ListedOrders.closed(1, count: 2), Self.asking)
    #expect(loaded.records.map(\.outcome) == [.whole, .refused])
    #expect(loaded.outcome.meter.reasked == 0)
  }

  @Test func aClientLeavesWhenTheScheduleWantsIt() async throws {
    let server = try Self.silent()
    let orders = (0..<3).map {
      StreamOrder(number: $0, due: 0, cancelAfter: Int64($0 + 1) * 20_000_000)
    }
    let loaded = try await load(server.port, ListedOrders(orders), Self.asking)
    #expect(loaded.records.map(\.outcome) == Array(repeating: .cancelled, count: 3))
    for record in loaded.records {
      #expect(record.end - record.scheduled >= record.order.cancelAfter ?? .max)
    }
  }

  @Test func theEndOfTheRunCancelsWhatDoesNotEndInTime() async throws {
    let server = try Self.silent()
    let orders = [0, 10, 5000].enumerated().map {
      StreamOrder(number: $0, due: Int64($1) * 1_000_000)
    }
    let loaded = try await load(server.port, ListedOrders(orders), Self.asking) {
      $0.duration = .init(saturating: 3_000_000)
      $0.drain = .init(saturating: 50_000)
    }
    #expect(loaded.records.map(\.outcome) == [.cancelled, .cancelled])
    #expect(loaded.records.map(\.detail) == ["the run was over", "the run was over"])
    // What was due behind the end was no part of the run.
    #expect(loaded.outcome.meter.notSent == [:])
  }

  @Test func everyOrderThatWasDueIsCountedWhereTheGeneratorCameTooLate() async throws {
    let server = try Self.silent()
    let orders = (0..<100).map { StreamOrder(number: $0, due: 0) }
    let loaded = try await load(server.port, ListedOrders(orders), Self.asking) {
      $0.duration = .init(saturating: 1)
    }
    #expect(loaded.outcome.meter.notSent == [.ended: 100])
  }

  @Test func aScheduleThatIsOverWaitsForWhatGoesOnAndNotForSilence() async throws {
    let server = try ScriptedServer { client, index in
      _ = client.request()
      guard index == 0 else { return client.waitForEnd() }
      client.send(Answers.chunkedHead)
      for event in Answers.message {
        client.pause(milliseconds: 30)
        client.send(Answers.chunk(event))
      }
      client.send(Answers.lastChunk)
    }
    let loaded = try await load(server.port, ListedOrders.every(5, count: 2), Self.asking) {
      $0.drain = .init(saturating: 3_000_000)
    }
    #expect(loaded.records.map(\.outcome) == [.whole, .cancelled])
  }

  @Test func aStoppedRunKeepsWhatWasMeasured() async throws {
    let server = try ScriptedServer { client, index in
      _ = client.request()
      if index == 0 { client.send(Answers.chunked) }
      client.waitForEnd()
    }
    let loaded = try await load(
      server.port, ListedOrders.every(1, count: 2), Self.asking, stoppingAfter: 1)
    #expect(loaded.records.map(\.outcome) == [.whole, .cancelled])
  }

  @Test func moreThanMayBeUnderWayIsNotSent() async throws {
    let server = try Self.silent()
    let loaded = try await load(
      server.port, ListedOrders((0..<5).map { StreamOrder(number: $0, due: 0) }), Self.asking
    ) {
      $0.maxInFlight = 2
      $0.drain = .init(saturating: 50_000)
    }
    #expect(loaded.records.count == 2)
    #expect(loaded.outcome.meter.notSent == [.tooMany: 3])
  }

  @Test(arguments: [nil, 2])
  func aConversationGoesOnTurnByTurn(places: Int?) async throws {
    let server = try Self.answering()
    let orders = (0..<4).map { StreamOrder(number: 10 * $0, due: places == nil ? 0 : nil) }
    let loaded = try await load(
      server.port, ListedOrders(orders, places: places, turns: 3, think: 5_000_000), Self.asking)
    #expect(loaded.records.map(\.order.turn) == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    for (turn, next) in zip(loaded.records, loaded.records.dropFirst())
    where turn.order.number == next.order.number {
      #expect(next.scheduled == turn.end + 5_000_000)
      #expect(next.dispatched >= next.scheduled)
    }
  }

  @Test func aConversationEndsWithATurnThatFails() async throws {
    let server = try ScriptedServer { client, _ in
      while client.request() != nil { client.send(Answers.json("500 Broken", "{}")) }
    }
    let loaded = try await load(
      server.port, ListedOrders([StreamOrder(number: 0, due: 0)], turns: 3), Self.asking)
    #expect(loaded.records.map(\.outcome) == [.status])
    #expect(loaded.outcome.meter.notSent == [.conversation: 2])
  }

  @Test func warmUpCountsInNothing() async throws {
    let server = try Self.answering()
    let orders = (0..<6).map { StreamOrder(number: $0, due: 0, isWarmup: $0 < 3) }
    let loaded = try await load(server.port, ListedOrders(orders), Self.asking)
    #expect(loaded.records.map(\.order.number) == [3, 4, 5])
    #expect(loaded.outcome.meter.streams == 3)
    #expect(loaded.progress.last?.ended == 6)
  }

  @Test(arguments: [1, 3])
  func loopsShareTheOrders(threads: Int) async throws {
    let server = try Self.answering()
    let open = try await load(server.port, ListedOrders.every(1, count: 60), Self.asking) {
      $0.threads = threads
    }
    #expect(open.records.map(\.order.number) == Array(0..<60))
    let closed = try await load(server.port, ListedOrders.closed(5, count: 60), Self.asking) {
      $0.threads = threads
    }
    #expect(closed.records.map(\.order.number) == Array(0..<60))
    #expect(closed.outcome.meter.streams == 60)
  }

  @Test func aNameIsAskedAtWhicheverOfItsAddressesAnswers() async throws {
    let server = try Self.answering()
    let loaded = try await load(
      server.port, ListedOrders.every(1, count: 3), Self.asking, host: "localhost")
    #expect(loaded.records.map(\.outcome) == [.whole, .whole, .whole])
  }

  @Test func aNameWithoutAnAddressIsAnError() async throws {
    await #expect(throws: LoadError.self) {
      try await load(80, ListedOrders.every(1, count: 1), Self.asking, host: "no-such-host.invalid")
    }
  }

  @Test func aRequestIsSentAsItWasWritten() {
    let request = LoadRequest(
      method: "POST", target: "/x?y=z",
      headers: [
        HeaderField("X-Key", "caf\u{E9}"), HeaderField("Host", "elsewhere"),
        HeaderField("Accept-Encoding", "br"), HeaderField("Content-Length", "999"),
      ], body: Array("{}".utf8))
    let rendered = RenderedRequest(
      request, to: LoadTarget(host: "h", port: 1, prefix: "/base", authority: "h:1"),
      keepsConnection: true)
    #expect(
      Latin1.string(of: rendered.bytes)
        == "POST /base/x?y=z HTTP/1.1\r\nhost: h:1\r\nX-Key: caf\u{E9}\r\n"
        + "accept: text/event-stream\r\ncontent-length: 2\r\n\r\n{}")
  }
}
