import Cassettes
import Deck
import Planning
import TestSupport
import Testing

@Suite("The deck performs plans over real sockets")
struct PerformingTests {
  static let chunks = ["data: one\n\n", "data: tw", "o\n\n", "data: é\n\n"]

  @Test("what a client receives is the plan's wire, byte for byte")
  func bytes() async throws {
    let exchange = Exchange.recorded(Self.chunks)
    let client = ClientTraits(closes: true)
    let plan = try Planner().plan(exchange, PlanOptions(client: client))
    try await TestDeck.serve([exchange]) { (port) throws in
      for prefix in ["", "/~pace=instant", "/~pace=10x"] {
        let answer = try ask(port, "\(prefix)/v1/messages")
        #expect(answer.text == String(decoding: plan.wire, as: UTF8.self))
        #expect(answer.end == .closed)
      }
    }
  }

  @Test(
    "each recorded ending looks to the client as it did to the recorder",
    arguments: [
      (Ending.How.complete, RawClient.End.closed, "0\r\n\r\n"),
      (.truncated, .closed, "x\r\n"), (.reset, .reset, "x\r\n"), (.malformed, .closed, "zz\r\n"),
      (.cancelled, .closed, "x\r\n"), (.unreachable, .reset, ""),
    ])
  func endings(how: Ending.How, end: RawClient.End, tail: String) async throws {
    try await TestDeck.serve([.recorded(["data: x"], how: how)]) { (port) throws in
      let answer = try ask(port)
      #expect(answer.end == end)
      #expect(answer.text.hasSuffix(tail))
      #expect(how != .unreachable || answer.text.isEmpty)
    }
  }

  @Test(
    "a recorded timeout is silence, and ends at once when the deck stops", .timeLimit(.minutes(5)))
  func silence() async throws {
    var exchange = Exchange.recorded(["data: x\n\n"], how: .timeout)
    exchange.ending.at = Microseconds(saturating: 3000)
    // Were the held stream waited for, the deck would not stop within the test's time limit.
    let configure: @Sendable (inout DeckConfiguration) -> Void = {
      $0.drainTimeout = Microseconds(saturating: 86_400_000_000)
    }
    let held = try await TestDeck.serve([exchange], configure) { port in
      let client = try RawClient(port: port)
      client.send(request())
      #expect(client.read(until: "data: x\n\n\r\n").hasPrefix("HTTP/1.1 200"))
      #expect(client.readToEnd(patience: 200).end == .silent)
      return client
    }.value
    #expect(try await TestDeck.blocking { held.readToEnd().end } == .closed)
  }

  @Test("a reset comes when all bytes were delivered, to a slow reader too")
  func resetAfterDelivery() async throws {
    let chunk = String(repeating: "x", count: 4000)
    let exchange = Exchange.recorded(Array(repeating: chunk, count: 100), how: .reset)
    try await TestDeck.serve([exchange]) { (port) throws in
      let client = try RawClient(port: port, receiveBufferBytes: 4096)
      client.send(request("/~pace=instant/v1/messages"))
      let (bytes, end) = client.readToEnd()
      #expect(end == .reset)
      #expect(bytes.count { $0 == UInt8(ascii: "x") } >= 400_000)
    }
  }

  @Test("nothing is early: each chunk comes at its recorded time or later")
  func neverEarly() async throws {
    var exchange = Exchange.recorded([])
    for index in 1...10 {
      exchange.append(
        chunk: Array("data: \(index)\n\n".utf8), at: Microseconds(saturating: Int64(index) * 20_000)
      )
    }
    exchange.ending.at = Microseconds(saturating: 200_000)
    let recording = exchange
    let (times, report) = try await TestDeck.serve([recording]) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request())
      let start = ContinuousClock.now
      return (1...10).map { index in
        _ = client.read(until: "data: \(index)\n\n\r\n")
        return ContinuousClock.now - start
      }
    }
    for (index, time) in times.enumerated() {
      // The request was on its way when the clock was read, so by as much a chunk can seem early.
      #expect(time > .milliseconds((index + 1) * 20 - 2))
    }
    // What is due together when the deck comes to it is one write.
    #expect((2...12).contains(report.lateness.writes))
  }

  @Test("a connection is kept for the next request, and pipelined requests are answered in order")
  func pipelining() async throws {
    let exchanges = (1...3).map { Exchange.recorded(["data: \($0)\n\n"], target: "/\($0)") }
    try await TestDeck.serve(exchanges) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request("/1") + request("/2") + request("/~pace=instant/3"))
      for number in 1...3 {
        #expect(client.read(until: "0\r\n\r\n").contains("data: \(number)\n\n"))
      }
      client.send(request("/2"))
      #expect(client.read(until: "0\r\n\r\n").contains("data: 2\n\n"))
    }
  }

  @Test("thousands of pipelined requests are answered without the stack growing")
  func manyPipelined() async throws {
    try await TestDeck.serve([.recorded(["x"])]) { (port) throws in
      let client = try RawClient(port: port)
      let count = 5000
      client.send(
        String(repeating: request("/~pace=instant/v1/messages"), count: count - 1)
          + request("/~pace=instant/v1/messages", headers: ["connection: close"]))
      let (bytes, end) = client.readToEnd()
      let answers = String(decoding: bytes, as: UTF8.self).split(separator: "0\r\n\r\n")
      #expect(answers.count == count)
      #expect(end == .closed)
    }
  }

  /// A client in the middle of a stream, where only one may be: the one before is gone a little
  /// after its client.
  private static func streaming(_ port: Int) throws -> RawClient? {
    for _ in 1...1000 {
      let client = try RawClient(port: port)
      client.send(request())
      if client.read(until: "data: x\n\n").hasPrefix("HTTP/1.1 200") { return client }
    }
    return nil
  }

  @Test("a client that leaves in the middle gives its place back")
  func leaving() async throws {
    let slow = Exchange.recorded(Array(repeating: "data: x\n\n", count: 5000))
    let configure: @Sendable (inout DeckConfiguration) -> Void = { $0.limits.connections = 1 }
    try await TestDeck.serve([slow], configure) { (port) throws in
      for _ in 1...5 {
        let client = try Self.streaming(port)
        #expect(client != nil)
      }
    }
  }

  @Test("writes that the kernel takes in part keep their order")
  func order() async throws {
    let chunks = (0..<400).map { number in
      String(repeating: "\(number % 10)", count: 10_000 + number * 7)
    }
    let exchange = Exchange.recorded(chunks)
    let client = ClientTraits(closes: true)
    let plan = try Planner().plan(exchange, PlanOptions(client: client))
    try await TestDeck.serve([exchange]) { (port) throws in
      let client = try RawClient(port: port, receiveBufferBytes: 4096)
      client.send(request(headers: ["connection: close"]))
      var bytes: [UInt8] = []
      // A client that reads in fits and starts, so that writes are queued, taken in part and whole.
      while bytes.count < plan.wire.count, client.waits(milliseconds: 1) {
        let more = client.readSome()
        if more.isEmpty { break }
        bytes += more
      }
      #expect(bytes == plan.wire)
    }
  }

  @Test("a client that pauses gets its whole answer, however the connection ends after it")
  func pausing() async throws {
    let chunk = String(repeating: "z", count: 100_000)
    for how in [Ending.How.complete, .truncated] {
      try await TestDeck.serve([.recorded(Array(repeating: chunk, count: 60), how: how)]) {
        (port) throws in
        let client = try RawClient(port: port, receiveBufferBytes: 4096)
        client.send(request("/~pace=instant/v1/messages", headers: ["connection: close"]))
        #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        // Longer than the deck waits for the FIN of a client that has everything: that wait must
        // not begin before.
        #expect(client.waits(milliseconds: 2500))
        let (bytes, end) = client.readToEnd()
        #expect(bytes.count { $0 == UInt8(ascii: "z") } == 6_000_000)
        #expect(end == .closed)
      }
    }
  }

  @Test("a client that half-closes behind its requests gets every answer, and then FIN")
  func halfClose() async throws {
    let exchanges = (1...2).map { Exchange.recorded(["data: \($0)\n\n"], target: "/\($0)") }
    try await TestDeck.serve(exchanges, { $0.keepsHalfClosed = true }) { (port) throws in
      let client = try RawClient(port: port)
      client.send(request("/1") + request("/2"))
      client.finish()
      let (bytes, end) = client.readToEnd()
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains("data: 1\n\n") && text.contains("data: 2\n\n"))
      #expect(text.hasSuffix("0\r\n\r\n"))
      #expect(end == .closed)
    }
  }

  @Test("a client that half-closes and reads late gets all of a large answer")
  func halfCloseLate() async throws {
    let chunk = String(repeating: "z", count: 100_000)
    let exchange = Exchange.recorded(Array(repeating: chunk, count: 60))
    try await TestDeck.serve([exchange], { $0.keepsHalfClosed = true }) { (port) throws in
      for fields in [[], ["connection: close"]] {
        let client = try RawClient(port: port, receiveBufferBytes: 4096)
        client.send(request("/~pace=instant/v1/messages", headers: fields))
        client.finish()
        #expect(client.waits(milliseconds: 300))
        let (bytes, end) = client.readToEnd()
        #expect(bytes.count { $0 == UInt8(ascii: "z") } == 6_000_000)
        #expect(end == .closed)
      }
    }
  }

  @Test("a deck that is told to stop lets a client read what it was sent")
  func drainLate() async throws {
    let chunk = String(repeating: "z", count: 100_000)
    // Other tests may keep the deck's end waiting for seconds.
    let longest = Microseconds(saturating: 60_000_000)
    let recorded = Exchange.recorded(Array(repeating: chunk, count: 60))
    let late = try await TestDeck.serve([recorded], { $0.drainTimeout = longest }) { port in
      let client = try RawClient(port: port, receiveBufferBytes: 4096)
      client.send(request("/~pace=instant/v1/messages"))
      #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
      return Background { client.readToEnd(patience: 60_000) }
    }.value
    let (bytes, end) = try await late.value
    #expect(bytes.count { $0 == UInt8(ascii: "z") } == 6_000_000)
    #expect(end == .closed)
  }

  @Test("a deck that is told to stop refuses who comes while its streams end")
  func drainRefuses() async throws {
    // Five minutes of it: the deck's end may wait for other tests.
    let long = Exchange.recorded(Array(repeating: "data: x\n\n", count: 30_000))
    let patience = Microseconds(saturating: 60_000_000)
    let refused = try await TestDeck.serve([long], { $0.drainTimeout = patience }) { port in
      let client = try RawClient(port: port)
      client.send(request("/~pace=gap:10ms/v1/messages"))
      #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
      return Background {
        while client.read(until: "data: x\n\n").contains("data: x") {
          if (try? RawClient(port: port)) == nil { return true }
        }
        return false
      }
    }.value
    #expect(try await refused.value)
  }

  @Test("a client that leaves a silent stream is let go")
  func leavingSilence() async throws {
    let configure: @Sendable (inout DeckConfiguration) -> Void = { $0.limits.connections = 1 }
    try await TestDeck.serve([.recorded(["data: x\n\n"], how: .timeout)], configure) {
      (port) throws in
      let client = try RawClient(port: port)
      client.send(request())
      _ = client.read(until: "data: x\n\n\r\n")
      client.finish()
      #expect(client.readToEnd().end == .closed)
      // Only one connection is allowed.
      #expect(try isAnswered(port))
    }
  }

  @Test("an answer larger than the socket's buffers reaches a client that reads late, whole")
  func backpressure() async throws {
    let chunk = String(repeating: "y", count: 100_000)
    try await TestDeck.serve([.recorded(Array(repeating: chunk, count: 100))]) { (port) throws in
      let client = try RawClient(port: port, receiveBufferBytes: 4096)
      client.send(request("/~pace=instant/v1/messages", headers: ["connection: close"]))
      #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
      let (bytes, end) = client.readToEnd()
      #expect(bytes.count { $0 == UInt8(ascii: "y") } == 10_000_000)
      #expect(end == .closed)
    }
  }
}
