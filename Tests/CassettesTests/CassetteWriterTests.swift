import HTTP
import LosslessJSON
import TestSupport
import Testing

@testable import Cassettes

@Suite struct CassetteWriterTests {
  @Test("the lines of an exchange are canonical")
  func canonicalLines() throws {
    let lines = try CassetteWriter.lines(for: Samples.example)
    #expect(String(decoding: lines, as: UTF8.self) == Samples.exampleLines)
  }

  @Test("every kind of line and key is written in its place and form")
  func everything() throws {
    let lines = try CassetteWriter.lines(for: Samples.full)
    #expect(
      String(decoding: lines, as: UTF8.self) == #"""
        [0,"q",{"id":"00","at":"2026-01-01T00:00:00Z","timing":"synthetic","method":"PUT","path":"*","headers":[["x","é"]],"body64":"/wA=","later":[null,1e400]}]
        [0,"m","paused"]
        [5,"h",{"status":529,"http":"1.0","framing":"length","length":12,"headers":[],"decoded":"gzip","more":false}]
        [5,"d","a\u0000\u001f\"\\/\r\t\b\fé"]
        [10,"zz",{}]
        [0,"d",""]
        [10,"b","8J8="]
        [10,"t",[["grpc-status","0"]]]
        [5,"m",3]
        [5,"e",{"how":"reset","detail":"peer 📼 left\#u{7f}","curl":56,"last":"\#u{2028}"}]

        """#)
  }

  @Test("a member has the header that repair looks for, and is the same each time")
  func deterministicMember() throws {
    let member = try CassetteWriter.member(for: Samples.full)
    #expect(member.starts(with: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]))
    #expect(try CassetteWriter.member(for: Samples.full) == member)
    #expect(try CassetteWriter.header().starts(with: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]))
  }

  @Test("what is written reads back equal", arguments: 0..<200)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed)
    let exchanges = [Samples.full, Samples.random(&generator), Samples.random(&generator)]
    let extra = [JSONValue.Member("note", .string("x"))]
    var reader = try CassetteReader(
      bytes: CassetteWriter.cassette(of: exchanges, extra: extra))
    let header = reader.header
    #expect(header == extra)
    #expect(try reader.rest() == exchanges)
  }

  @Test("times that go back are moved to the time before, so that intervals never are negative")
  func timesNeverGoBack() throws {
    var exchange = Samples.example
    exchange.chunks[1].at = Samples.time(3)
    let lines = String(decoding: try CassetteWriter.lines(for: exchange), as: UTF8.self)
    #expect(lines.contains(#"[0,"b","ww=="]"#))
    #expect(lines.contains(#"[20128,"e","#))
  }

  /// One change that breaks a rule of the format.
  struct Breakage: Sendable, CustomTestStringConvertible {
    let name: String
    let change: @Sendable (inout Exchange) -> Void
    var testDescription: String { name }

    init(_ name: String, _ change: @escaping @Sendable (inout Exchange) -> Void) {
      self.name = name
      self.change = change
    }
  }

  @Test(
    "an exchange that no reader would take back is refused",
    arguments: [
      Breakage("header injection") { $0.request.headers = [HeaderField("a", "b\r\nc: d")] },
      Breakage("header name") { $0.head?.headers = [HeaderField("a b", "c")] },
      Breakage("not Latin-1") { $0.request.headers = [HeaderField("a", "\u{100}")] },
      Breakage("body without a head") { $0.head = nil },
      Breakage("chunks that end early") { $0.chunks.removeLast() },
      Breakage("chunks out of order") { $0.chunks.swapAt(0, 1) },
      Breakage("status") { $0.head?.status = 101 },
      Breakage("time") { $0.request.at = "yesterday" },
      Breakage("aside with the code of a chunk") {
        $0.asides = [Aside(code: "d", data: .null, place: 1, at: .zero)]
      },
      Breakage("extra key that is known") { $0.ending.extra = [JSONValue.Member("how", .null)] },
    ])
  func refusesInvalid(breakage: Breakage) {
    var exchange = Samples.example
    breakage.change(&exchange)
    #expect(throws: CassetteError.self) { try CassetteWriter.member(for: exchange) }
  }
}
