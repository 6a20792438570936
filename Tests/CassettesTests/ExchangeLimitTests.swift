import LosslessJSON
import Testing

@testable import Cassettes

@Suite struct ExchangeLimitTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Records an answer under limits, and reads it under the same.
  private func recorded(
    _ limits: CassetteLimits, _ body: (Spool) throws -> Void
  ) throws -> Exchange {
    let spool = try Spool(
      target: directory("a.tape"), request: SpoolTests.request, limits: limits)
    try spool.head(SpoolTests.head)
    try body(spool)
    let exchange = try spool.end(Ending(how: .complete, at: Samples.time(9_000)))
    #expect(try CassetteReader.readAll(path: directory("a.tape"), limits: limits) == [exchange])
    return exchange
  }

  @Test("an answer with more events than a reader takes is cut inside an arrival")
  func events() throws {
    let exchange = try recorded(CassetteLimits(events: 3)) { spool in
      try spool.chunk(Array("data: 1\n\ndata: 2\n".utf8), at: Samples.time(2_000))
      try spool.chunk(Array("\ndata: 3\n\ndata: 4\n\nda".utf8), at: Samples.time(2_001))
      try spool.chunk(Array("ta: 5\n\n".utf8), at: Samples.time(2_002))
      try spool.trailers(Trailers(fields: [], at: Samples.time(3_000)))
    }
    #expect(String(decoding: exchange.body, as: UTF8.self).hasSuffix("data: 3\n\ndata: 4\n"))
    #expect(exchange.ending.how == .cancelled)
    #expect(exchange.ending.detail == "the limit of 3 events was reached: the rest is left out")
    #expect(exchange.trailers == nil)
  }

  @Test("markers beyond those that a reader takes are left out, and nothing else")
  func markers() throws {
    let exchange = try recorded(CassetteLimits(asides: 2)) { spool in
      for number in 0..<5 { try spool.aside(data: .number(number), at: Samples.time(2_000)) }
    }
    #expect(exchange.asides.count == 2)
    #expect(exchange.ending.how == .complete)
  }

  @Test(
    "a name is as it is where it fits beside others, else its own short form",
    arguments: ["a", "\u{e9}", "\u{1f4fc}"])
  func names(letter: String) {
    for length in [1, 50, 222, 223, 224, 250, 600] {
      let count = max(1, length / letter.utf8.count)
      let name = String(repeating: letter, count: count) + ".tape"
      let short = FileName.fitting(name)
      #expect(short.utf8.count <= FileName.limitBytes)
      #expect(FileName.fitting(short) == short)
      #expect(short.hasSuffix(".tape"))
      #expect((short == name) == (name.utf8.count <= FileName.limitBytes))
      #expect(FileName.fitting("x" + name) != short)
    }
  }
}
