import Cassettes
import HTTP
import Libc
import Recorder
import Redaction
import Testing

@Suite("Feeding what is recorded to a spool")
final class SpoolFeederTests {
  private let folder: String
  private var path: String { folder + "/a.tape" }

  init() throws {
    var template = Array("/tmp/feeder-tests-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SocketError("mkdtemp") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = system("rm -r \(folder)") }

  private func feeder() -> SpoolFeeder {
    let planned = RecordedRequest(
      id: "0000000000000001", at: "2026-11-29T00:00:00.000000Z", method: "GET",
      url: "http://h/a", headers: [HeaderField("a", "planned")])
    return SpoolFeeder(target: path, request: planned, rules: .standard)
  }

  /// The exchange that comes of some events.
  private func take(
    _ events: [RecordingEvent], _ feeder: inout SpoolFeeder
  ) throws -> Exchange? {
    var exchange: Exchange?
    for event in events {
      #expect(exchange == nil, "nothing comes behind the ending")
      exchange = try feeder.take(event)
    }
    return exchange
  }

  private let sent = RecordingEvent.sent(
    headers: [HeaderField("a", "sent")], at: "2026-11-29T00:00:01.000000Z")

  @Test("has each event on the tape, and the request as it went out")
  func whole() throws {
    var feeder = feeder()
    try feeder.open()
    let first = feeder.path ?? ""
    let exchange = try take(
      [
        sent, .head(ResponseHead(status: 200)), .chunk(Array("ab".utf8), at: .zero),
        .tick(at: .zero), .marker("note", at: .zero), .chunk(Array("c".utf8), at: .zero),
        .trailers(Trailers(fields: [HeaderField("t", "1")], at: .zero)),
        .ended(Ending(how: .complete)),
      ], &feeder)
    let second = feeder.path ?? ""
    #expect(second.hasSuffix(".part") && second != first)
    try feeder.commit()
    let written = try CassetteReader.readAll(path: path)
    #expect(written == [try #require(exchange)])
    #expect(written.first?.request.headers == [HeaderField("a", "sent")])
    #expect(written.first?.request.at == "2026-11-29T00:00:01.000000Z")
    #expect(written.first?.body == Array("abc".utf8))
    #expect(written.first?.chunks.count == 2 && written.first?.asides.count == 1)
    #expect(written.first?.trailers?.fields == [HeaderField("t", "1")])
    #expect(access(first, F_OK) != 0 && access(second, F_OK) != 0, "no spool stays")
  }

  @Test(
    "what never went out is on the tape as planned, but for what was given up before",
    arguments: [
      (Ending(how: .unreachable, stage: .connect), true), (Ending(how: .cancelled), false),
    ])
  func neverSent(ending: Ending, isRecorded: Bool) throws {
    var feeder = feeder()
    let exchange = try feeder.take(.ended(ending))
    let spool = feeder.path
    #expect((spool != nil) == isRecorded)
    #expect(exchange.map(\.request.headers) == (isRecorded ? [HeaderField("a", "planned")] : nil))
    try feeder.commit()
    #expect((access(path, F_OK) == 0) == isRecorded)
  }

  @Test("what is discarded leaves nothing")
  func discarded() throws {
    var feeder = feeder()
    _ = try take([sent, .head(ResponseHead(status: 200))], &feeder)
    let spool = feeder.path ?? ""
    #expect(access(spool, F_OK) == 0)
    feeder.discard()
    #expect(access(spool, F_OK) != 0 && access(path, F_OK) != 0)
  }

  @Test("takes as much of a body as there is room for, and names the limit")
  func room() {
    func taken(_ chunks: [String], bytes: Int, chunks limit: Int) -> [String] {
      var room = BodyRoom(RecordingOptions(maxBytes: bytes, maxChunks: limit))
      return chunks.map { chunk in
        let (taken, limit) = room.take(Array(chunk.utf8))
        return String(decoding: taken, as: UTF8.self) + (limit.map { "|\($0)" } ?? "")
      }
    }
    #expect(taken(["abc", "de"], bytes: 5, chunks: 2) == ["abc", "de"])
    #expect(taken(["abc", "def"], bytes: 5, chunks: 9) == ["abc", "de|--max-bytes 5"])
    #expect(taken(["abc", "d"], bytes: 3, chunks: 9) == ["abc", "|--max-bytes 3"])
    #expect(taken(["a", "b", "c"], bytes: 9, chunks: 2) == ["a", "b", "|--max-chunks 2"])
  }
}
