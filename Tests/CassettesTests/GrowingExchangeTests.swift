import HTTP
import LosslessJSON
import Patterns
import Redaction
import TestSupport
import Testing

@testable import Cassettes

@Suite struct GrowingExchangeTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let secret = "sk-ant-api03-" + String(repeating: "abcDEF123_", count: 9) + "AA"

  /// Chunks as of a long stream: text, secrets across chunks, halves of characters, bytes that are
  /// no text.
  private func chunks(_ count: Int) -> [[UInt8]] {
    var seed = SeededGenerator(21)
    var left: [UInt8] = []
    return (0..<count).map { number in
      left += Array("data: {\"n\":\(number),\"text\":\"é\(seed.next())\"}\n\n".utf8)
      if number % 9 == 0 { left += Array("data: {\"text\":\"\(Self.secret)\"}\n\n".utf8) }
      if number % 31 == 0 { left += [0xFF, 0xFE, 0x0A] }
      defer { left.removeAll() }
      let cut = Int.random(in: 1...left.count, using: &seed)
      let chunk = Array(left[..<cut])
      return number % 3 == 0 ? chunk : left
    }
  }

  @Test("a long recording is read back as it came, with its markers in their places")
  func readBack() throws {
    let rules = RedactionRules(
      patterns: [try Pattern("nobody")], pointers: [try RedactionPointer(parsing: "/none")]
    )
    let spool = try Spool(
      target: directory("a.tape"), request: SpoolTests.request, rules: rules)
    try spool.aside(data: .string("before the head"), at: .zero)
    try spool.head(SpoolTests.head)
    var expected = Exchange(request: SpoolTests.request, ending: Ending(how: .complete))
    expected.head = SpoolTests.head
    expected.asides = [Aside(code: "m", data: .string("before the head"), place: 1, at: .zero)]
    var now: Int64 = 2_000
    for (number, chunk) in chunks(1_500).enumerated() {
      now += 3_000
      try spool.chunk(chunk, at: Samples.time(now))
      expected.append(chunk: chunk, at: Samples.time(now))
      if number % 100 == 50 {
        try spool.aside(data: .string("m\(number)"), at: Samples.time(now))
        expected.asides.append(
          Aside(
            code: "m", data: .string("m\(number)"), place: 2 + expected.chunks.count,
            at: Samples.time(now)))
      }
    }
    let trailers = Trailers(fields: [HeaderField("x", "y")], at: Samples.time(now))
    try spool.trailers(trailers)
    try spool.flush()
    try spool.aside(data: .string("behind"), at: Samples.time(now))
    expected.trailers = trailers
    expected.asides.append(
      Aside(
        code: "m", data: .string("behind"), place: 3 + expected.chunks.count, at: Samples.time(now))
    )
    expected.ending.at = Samples.time(now)
    Redactor.redact(body: &expected.body, by: rules)
    #expect(try spool.finish(expected.ending) == expected)
    try spool.commit()
    #expect(try directory.bytes(of: "a.tape") == CassetteWriter.cassette(of: [expected]))
    #expect(directory.names == ["a.tape"])
  }

  @Test("only what is not written stays in memory, and a little before it")
  func memory() {
    var growing = GrowingExchange(SpoolTests.request, rules: .standard)
    growing.add(SpoolTests.head)
    for (number, chunk) in chunks(3_000).enumerated() {
      chunk.withUnsafeBytes { growing.add($0, at: Samples.time(Int64(2_000 + number))) }
      guard number % 50 == 49 else { continue }
      #expect(!growing.takeLines().isEmpty)
      #expect(growing.exchange.body.capacity <= BodyRedactor.lookbackBytes + 4096 + 1024)
      #expect(growing.exchange.chunks.count < 60)
    }
  }

  @Test("a spool that somebody else wrote to is no recording, and stays")
  func changedSpool() throws {
    let spool = try Spool(target: directory("a.tape"), request: SpoolTests.request)
    try spool.head(SpoolTests.head)
    for chunk in chunks(50) { try spool.chunk(chunk, at: Samples.time(2_000)) }
    try spool.flush()
    try directory.write(Array("no gzip".utf8), to: directory.names[0])
    let error = try #require(throws: CassetteError.self) {
      try spool.finish(Ending(how: .complete))
    }
    #expect(error.reason.contains("the recording is kept in \(spool.path)"))
    #expect(throws: CassetteError.self) { try spool.commit() }
    #expect(directory.names.count == 1)
  }
}
