import HTTP
import LosslessJSON
import TestSupport
import Testing

@testable import Cassettes

@Suite struct SpoolTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  static let request = Samples.example.request
  static let head = ResponseHead(
    status: 200, headers: [HeaderField("content-type", "text/event-stream")],
    at: Samples.time(1_000))

  func recovered(_ path: String) throws -> [Exchange] {
    var reader = try CassetteReader(path: path, recovering: true)
    return try reader.rest()
  }

  @Test("a recording is in its spool until it ends, and then in the cassette alone")
  func lifecycle() throws {
    let spool = try Spool(target: directory("a.tape"), request: Self.request)
    #expect(directory.names.count == 1)
    #expect(SideFile.spool.hasName(directory.names[0], of: "a.tape"))
    #expect(try directory.permissions(of: directory.names[0]) == 0o600)
    try spool.head(Self.head)
    try spool.chunk(Array("data: 1\n\n".utf8), at: Samples.time(2_000))
    try spool.aside(data: .string("note"), at: Samples.time(2_500))
    try spool.trailers(Trailers(fields: [HeaderField("x", "y")], at: Samples.time(2_600)))
    let exchange = try spool.end(Ending(how: .complete, at: Samples.time(3_000)))
    #expect(directory.names == ["a.tape"])
    #expect(try directory.permissions(of: "a.tape") == 0o600)
    #expect(try directory.exchanges(of: "a.tape") == [exchange])
    #expect(try directory.bytes(of: "a.tape") == CassetteWriter.cassette(of: [exchange]))
    #expect(exchange.body == Array("data: 1\n\n".utf8))
    #expect(
      exchange.asides == [
        Aside(code: "m", data: .string("note"), place: 3, at: Samples.time(2_500))
      ])
  }

  @Test("the recorder may die at any moment: what was flushed before reads back as interrupted")
  func readsBackWhileOpen() throws {
    let spool = try Spool(target: directory("a.tape"), request: Self.request)
    var seed = SeededGenerator(4)
    var expected = Exchange(request: Self.request, ending: Ending(how: .interrupted))
    #expect(try recovered(spool.path) == [expected])
    try spool.head(Self.head)
    (expected.head, expected.ending.at) = (Self.head, Self.head.at)
    #expect(try recovered(spool.path) == [expected])

    var now: Int64 = 1_000
    for round in 0..<60 {
      now += Int64.random(in: 0...90_000, using: &seed)
      let chunk = Array("data: \(round) \(seed.next())\n\n".utf8)
      try spool.chunk(chunk, at: Samples.time(now))
      expected.append(chunk: chunk, at: Samples.time(now))
      let found = try #require(try recovered(spool.path).first)
      #expect(found.isBeginning(of: expected))
      // Nothing older than the interval is missing.
      let missing = expected.chunks.dropFirst(found.chunks.count)
      #expect(missing.allSatisfy { now - $0.at.count < Spool.flushInterval.count })
      if round % 7 == 0 {
        try spool.flush()
        #expect(try recovered(spool.path).first?.chunks.count == expected.chunks.count)
      }
    }
  }

  @Test("every cut of a spool's bytes reads back as a beginning of the exchange")
  func everyCut() throws {
    let spool = try Spool(target: directory("a.tape"), request: Self.request)
    try spool.head(Self.head)
    var whole = Exchange(request: Self.request, head: Self.head, ending: Ending(how: .interrupted))
    for round in 0..<20 {
      let (chunk, time) = (Array("data: \(round)\n\n".utf8), Samples.time(Int64(round) * 100_000))
      try spool.chunk(chunk, at: time)
      whole.append(chunk: chunk, at: max(Self.head.at, time))
    }
    try spool.flush()
    let bytes = try directory.bytes(of: directory.names[0])
    var found = 0
    for cut in 0..<bytes.count {
      var reader = try CassetteReader(bytes: Array(bytes[..<cut]), recovering: true)
      for exchange in try reader.rest() {
        #expect(exchange.isBeginning(of: whole))
        found += 1
      }
    }
    #expect(found > bytes.count / 2)
  }

  @Test("a secret never reaches the spool or the cassette, also where chunks divide it")
  func redaction() throws {
    let secret = "sk-ant-api03-" + String(repeating: "abcDEF123_", count: 9) + "AA"
    var request = Self.request
    request.headers.append(HeaderField("x-api-key", secret))
    let spool = try Spool(target: directory("a.tape"), request: request)
    try spool.head(Self.head)
    var now: Int64 = 2_000
    for byte in "data: {\"text\":\"\(secret)\"}\n\n".utf8 {
      now += 100_000
      try spool.chunk([byte], at: Samples.time(now))
      let found = try #require(try recovered(spool.path).first)
      #expect(!String(decoding: found.body, as: UTF8.self).contains("abcDEF"))
      #expect(!String(describing: found.request).contains("abcDEF"))
    }
    try spool.aside(data: .object([JSONValue.Member("k", .string(secret))]), at: Samples.time(now))
    let exchange = try spool.end(
      Ending(how: .reset, detail: "while \(secret)", at: Samples.time(now)))
    let lines = String(decoding: try CassetteWriter.lines(for: exchange), as: UTF8.self)
    #expect(!lines.contains("abcDEF"))
    #expect(!String(decoding: exchange.body, as: UTF8.self).contains("abcDEF"))
    #expect(exchange.body.count == "data: {\"text\":\"\(secret)\"}\n\n".utf8.count)
    #expect(try directory.exchanges(of: "a.tape") == [exchange])
  }

  @Test("a recording that cannot be added stays in its spool, which the error names")
  func keptWhenRefused() throws {
    try directory.write("{\"tapedeck\":2}\n", to: "a.tape")
    let spool = try Spool(target: directory("a.tape"), request: Self.request)
    try spool.head(Self.head)
    let error = try #require(throws: CassetteError.self) {
      try spool.end(Ending(how: .truncated, at: Samples.time(5_000)))
    }
    #expect(error.reason.contains("needs a newer tapedeck"))
    #expect(error.reason.contains(spool.path))
    #expect(try directory.text(of: "a.tape") == "{\"tapedeck\":2}\n")
    #expect(try recovered(spool.path).map(\.ending.how) == [.truncated])
  }

  @Test("the exchange is whole in memory before the cassette is touched")
  func finishedThenCommitted() throws {
    let spool = try Spool(target: directory("a.tape"), request: Self.request)
    #expect(throws: CassetteError.self) { try spool.commit() }
    try spool.head(Self.head)
    try spool.chunk(Array("data: 1\n\n".utf8), at: Samples.time(2_000))
    let exchange = try spool.finish(Ending(how: .complete, at: Samples.time(3_000)))
    #expect(exchange.ending.how == .complete)
    #expect(!directory.names.contains("a.tape"))
    #expect(throws: CassetteError.self) { try spool.finish(Ending(how: .reset)) }
    try spool.commit()
    #expect(directory.names == ["a.tape"])
    #expect(try directory.bytes(of: "a.tape") == CassetteWriter.cassette(of: [exchange]))
    #expect(throws: CassetteError.self) { try spool.commit() }
  }

  @Test("an exchange that was finished and never added keeps its ending in the spool")
  func finishedThenDropped() throws {
    var path = ""
    do {
      let spool = try Spool(target: directory("a.tape"), request: Self.request)
      path = spool.path
      try spool.head(Self.head)
      _ = try spool.finish(Ending(how: .reset, at: Samples.time(3_000)))
    }
    #expect(try recovered(path).map(\.ending.how) == [.reset])
  }

  @Test("what no cassette can hold is refused when it comes, and leaves the recording as it was")
  func refuses() throws {
    let spool = try Spool(target: directory("a.tape"), request: Self.request)
    let injected = ResponseHead(status: 200, headers: [HeaderField("a", "b\nc: d")])
    #expect(throws: CassetteError.self) { try spool.chunk([1], at: .zero) }
    #expect(throws: CassetteError.self) { try spool.head(injected) }
    #expect(throws: CassetteError.self) { try spool.end(Ending(how: .complete)) }
    #expect(throws: CassetteError.self) { try spool.aside(code: "q", data: .null, at: .zero) }
    try spool.head(Self.head)
    #expect(throws: CassetteError.self) { try spool.head(Self.head) }
    #expect(throws: CassetteError.self) { try spool.end(Ending(how: .unreachable)) }
    _ = try spool.end(Ending(how: .complete))
    #expect(throws: CassetteError.self) { try spool.end(Ending(how: .complete)) }
    #expect(try directory.exchanges(of: "a.tape").count == 1)
  }

  @Test("a spool that is discarded leaves nothing; one that is dropped leaves an orphan")
  func discardedAndDropped() throws {
    try Spool(target: directory("a.tape"), request: Self.request).discard()
    #expect(directory.names.isEmpty)
    do {
      let spool = try Spool(target: directory("a.tape"), request: Self.request)
      #expect(SideFile.spool.orphans(beside: directory("a.tape")).isEmpty)
      try spool.head(Self.head)
    }
    #expect(SideFile.spool.orphans(beside: directory("a.tape")).count == 1)
  }

  @Test("where the directory is missing, the error is the system's")
  func missingDirectory() throws {
    let error = try #require(throws: CassetteError.self) {
      _ = try Spool(target: directory("none/a.tape"), request: Self.request)
    }
    #expect(error.kind == .system)
  }
}
