import Cassettes
import HTTP
import Load
import Loading
import Testing

/// What the generator makes of servers of every kind.
struct OutcomeTests {
  /// One server, and what becomes of a stream that it answers.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var answer: String
    var outcome: StreamOutcome
    var detail: String?
    var resets = false

    var testDescription: String { name }
  }

  private static let half = Answers.message.prefix(5).map(Answers.chunk).joined()
  private static let error = Answers.event(
    "error", #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#)

  static let cases: [Case] = [
    Case(name: "chunked", answer: Answers.chunked, outcome: .whole),
    Case(name: "with a length", answer: Answers.measured, outcome: .whole),
    Case(name: "until the connection ends", answer: Answers.untilClose, outcome: .whole),
    Case(
      name: "behind interim heads",
      answer: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n"
        + Answers.chunked, outcome: .whole),
    Case(
      name: "closed within the stream", answer: Answers.chunkedHead + half, outcome: .cut,
      detail: "the last chunk did not come"),
    Case(
      name: "closed within a chunk", answer: String(Answers.chunked.dropLast(60)), outcome: .cut),
    Case(
      name: "HTTP ends well, and the message does not",
      answer: Answers.chunkedHead + half + Answers.lastChunk, outcome: .cut,
      detail: "it ends inside block 0 (text)"),
    Case(
      name: "reset within the stream", answer: Answers.chunkedHead + half, outcome: .cut,
      resets: true),
    Case(
      name: "an error event",
      answer: Answers.chunkedHead + half + Answers.chunk(error) + Answers.lastChunk,
      outcome: .errorEvent, detail: "the stream says: overloaded_error: Overloaded"),
    Case(
      name: "a status",
      answer: Answers.json(
        "529 Overloaded", #"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#),
      outcome: .status, detail: "the status is 529: overloaded_error: x"),
    Case(
      name: "a page",
      answer: "HTTP/1.1 200 OK\r\ncontent-type: text/html; x=y\r\ncontent-length: 2\r\n\r\n<>",
      outcome: .notAStream, detail: "the answer is text/html, not an event stream"),
    Case(
      name: "compressed",
      answer: Answers.head + "content-encoding: gzip\r\ncontent-length: 2\r\n\r\nxx",
      outcome: .notAStream,
      detail: "the answer is text/event-stream in the coding gzip, not an event stream"),
    Case(
      name: "elsewhere", answer: "HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n",
      outcome: .notAStream, detail: "the status is 302"),
    Case(
      name: "nothing", answer: "", outcome: .refused,
      detail: "no answer came: the connection was closed"),
    Case(name: "a reset", answer: "", outcome: .refused, resets: true),
    Case(
      name: "another protocol", answer: "220 mail ESMTP\r\n", outcome: .cut,
      detail: "what came is no answer of HTTP/1.1"),
    Case(
      name: "half a head", answer: Answers.head, outcome: .cut, detail: "the head was cut"),
    Case(
      name: "a head without an end",
      answer: Answers.head + "x: " + String(repeating: "x", count: 70_000), outcome: .cut,
      detail: "the head has more than 65536 bytes"),
    Case(
      name: "interim heads without an end",
      answer: String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 4000), outcome: .cut,
      detail: "the head has more than 65536 bytes"),
    Case(
      name: "a chunk-size line without an end",
      answer: Answers.chunkedHead + "1;" + String(repeating: "x", count: 5000), outcome: .cut,
      detail: "a chunk-size line does not end"),
    Case(
      name: "a size beyond all numbers", answer: Answers.chunkedHead + "fffffffffffffffff\r\n",
      outcome: .cut, detail: "a chunk-size is too large"),
    Case(
      name: "a huge length", answer: Answers.head + "content-length: 9999999999999999999\r\n\r\nx",
      outcome: .cut, detail: "9223372036854775806 bytes of the body did not come"),
    Case(
      name: "a length below zero", answer: Answers.head + "content-length: -1\r\n\r\n",
      outcome: .cut, detail: "the content-length \"-1\" is not a number"),
    Case(
      name: "NULs", answer: Answers.chunkedHead + Answers.chunk("data: \0\0\n\n\0"), outcome: .cut),
  ]

  private static let asking = LoadRequest(
    method: "POST", target: "/v1/messages",
    headers: [HeaderField("content-type", "application/json")],
    body: Array(#"{"model":"m","stream":true}"#.utf8))

  @Test(arguments: cases)
  func anOutcomeSaysWhatTheServerDid(of test: Case) async throws {
    let server = try ScriptedServer { client, _ in
      guard client.request() != nil else { return }
      client.send(test.answer)
      if test.resets {
        client.pause(milliseconds: test.answer.isEmpty ? 0 : 50)
        client.resetsAtEnd()
      }
    }
    let loaded = try await load(server.port, ListedOrders.every(1, count: 2), [Self.asking])
    #expect(loaded.records.count == 2)
    for record in loaded.records {
      #expect(record.outcome == test.outcome)
      #expect((record.detail != nil) == (test.outcome != .whole))
      if let detail = test.detail { #expect(record.detail == detail) }
      if test.outcome == .whole {
        #expect(record.events == 9)
        #expect(record.contentEvents == 3)
        #expect(record.outputTokens == 7)
      }
    }
    #expect(loaded.outcome.meter.outcomes == [test.outcome: 2])
  }

  @Test func anAnswerOfJSONIsWholeWhereNoStreamWasAskedFor() async throws {
    let server = try ScriptedServer { client, _ in
      while client.request() != nil { client.send(Answers.json("200 OK", "{}")) }
    }
    let whole = LoadRequest(
      method: "POST", target: "/v1/messages", body: Array(#"{"model":"m"}"#.utf8))
    let loaded = try await load(
      server.port, ListedOrders.every(1, count: 2, requests: 2), [whole, Self.asking])
    #expect(loaded.records.map(\.outcome) == [.whole, .notAStream])
  }

  @Test func anAddressOnWhichNobodyListensRefuses() async throws {
    var port = 0
    do { port = try ScriptedServer { _, _ in }.port }
    // Its listener goes within some milliseconds.
    var outcomes: [StreamOutcome] = []
    for _ in 0..<200 where outcomes != [.refused] {
      outcomes = try await load(port, ListedOrders.every(1, count: 1), [Self.asking]).records
        .map(\.outcome)
    }
    #expect(outcomes == [.refused])
  }

  @Test func aServerThatIsSilentTimesOut() async throws {
    let server = try ScriptedServer { client, index in
      _ = client.request()
      if index == 0 { client.send(Answers.chunkedHead + Answers.chunk(Answers.message[0])) }
      client.waitForEnd()
    }
    let loaded = try await load(server.port, ListedOrders.every(1, count: 2), [Self.asking]) {
      $0.readTimeout = .init(saturating: 100_000)
    }
    #expect(loaded.records.map(\.outcome) == [.timeout, .timeout])
    #expect(loaded.records.map(\.detail) == ["nothing came for 0.1 s", "nothing came for 0.1 s"])
    #expect(loaded.records.map(\.events) == [1, 0])
  }

  @Test func aBodyWithoutAnEndIsGivenUp() async throws {
    let server = try ScriptedServer { client, _ in
      _ = client.request()
      client.send(Answers.chunkedHead)
      while client.send(Answers.chunk(Answers.text("again and again"))) {}
    }
    let loaded = try await load(server.port, ListedOrders.every(1, count: 1), [Self.asking]) {
      $0.bodyLimitBytes = 100_000
    }
    #expect(loaded.records.map(\.outcome) == [.cut])
    #expect(loaded.records.map(\.detail) == ["the body has more than 100000 bytes"])
  }

  @Test func anAnswerIsTheSameWhereverItIsCut() async throws {
    let answer = Array(Answers.chunked.utf8)
    let server = try ScriptedServer { client, _ in
      while let request = client.request() {
        let cut = Int(request.split(separator: "cut=").last?.prefix { $0.isNumber } ?? "0") ?? 0
        client.send(answer[..<cut])
        client.pause(milliseconds: 0.3)
        client.send(answer[cut...])
      }
    }
    let cuts = Array(stride(from: 0, through: answer.count, by: 1))
    let requests = cuts.map {
      LoadRequest(method: "POST", target: "/v1/messages?cut=\($0)", body: Self.asking.body)
    }
    let orders = cuts.map { StreamOrder(number: $0, due: nil, request: $0) }
    let loaded = try await load(server.port, ListedOrders(orders, places: 4), requests)
    #expect(loaded.records.count == cuts.count)
    for record in loaded.records {
      #expect(record.outcome == .whole)
      #expect(record.contentEvents == 3)
      #expect(record.events == 9)
    }
  }

  @Test func aResetAtAnyByteIsNoWholeStream() async throws {
    let answer = Array(Answers.chunked.utf8)
    let server = try ScriptedServer { client, _ in
      guard let request = client.request() else { return }
      let cut = Int(request.split(separator: "cut=").last?.prefix { $0.isNumber } ?? "0") ?? 0
      client.send(answer[..<cut])
      client.resetsAtEnd()
    }
    let cuts = Array(stride(from: 0, to: answer.count, by: 3))
    let requests = cuts.map {
      LoadRequest(method: "POST", target: "/v1/messages?cut=\($0)", body: Self.asking.body)
    }
    let orders = cuts.indices.map { StreamOrder(number: $0, due: nil, request: $0) }
    let loaded = try await load(server.port, ListedOrders(orders, places: 4), requests)
    #expect(loaded.records.count == cuts.count)
    // What was not read yet when the reset came is gone.
    #expect(loaded.records.allSatisfy { [.cut, .refused].contains($0.outcome) })
  }
}
