import Cassettes
import HTTP
import Testing

@testable import Recorder

@Suite("The content coding of an answer")
struct ContentDecodingTests {
  private static let text = Array(
    "data: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: the last of them\n\n".utf8)
  // What the programs brotli and zstd make of the text.
  private static let hello = Array("hello hello hello hello".utf8)
  private static let br: [UInt8] = [
    0x0b, 0x0b, 0x80, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x68,
    0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x03,
  ]
  private static let zstd: [UInt8] = [
    0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x65, 0x00, 0x00, 0x30, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x20,
    0x01, 0x00, 0x99, 0x4b, 0x11, 0x17, 0x5e, 0xae, 0x0d,
  ]

  /// What is written down of an answer: its coding where it was undone, its chunks, how it ended.
  private func written(_ coding: String, _ chunks: [[UInt8]]) -> (
    decoded: String?, chunks: [(bytes: [UInt8], at: Int64)], ending: Ending?, headers: [HeaderField]
  ) {
    let decoding = ContentDecoding()
    var events: [RecordingEvent] = [
      .head(ResponseHead(status: 200, headers: [HeaderField("Content-Encoding", coding)]))
    ]
    for (number, chunk) in chunks.enumerated() {
      events.append(.chunk(chunk, at: Microseconds(saturating: Int64(number))))
    }
    events.append(.ended(Ending(how: .complete)))
    var head: ResponseHead?
    var bodies: [(bytes: [UInt8], at: Int64)] = []
    var ending: Ending?
    for event in events.flatMap(decoding.take) {
      switch event {
      case .head(let it): head = it
      case .chunk(let bytes, let at): bodies.append((bytes, at.count))
      case .ended(let it, _): ending = it
      case .sent, .trailers, .marker, .tick: break
      }
    }
    if decoding.failure != nil { ending?.how = .malformed }
    return (head?.decoded, bodies, ending, head?.headers ?? [])
  }

  @Test("is undone, each piece at its own time")
  func times() throws {
    let parts = try Gzip.flushed(Self.text, at: [16, 32, Self.text.count])
    let written = written("gzip", parts)
    #expect(written.decoded == "gzip")
    #expect(written.chunks.map(\.at) == [0, 1, 2])
    let wanted = [Self.text[..<16], Self.text[16..<32], Self.text[32...]].map(Array.init)
    #expect(written.chunks.map(\.bytes) == wanted)
    #expect(written.ending?.how == .complete)
  }

  @Test("members behind each other are one body, one without its trailer is truncated")
  func members() throws {
    let member = try Gzip.member(of: Self.text)
    let two = written("x-gzip", [member, member])
    #expect(two.chunks.flatMap(\.bytes) == Self.text + Self.text)
    #expect(two.ending?.how == .complete)
    for cut in [1, 8, member.count - 12] {
      let cut = written("gzip", [Array(member.dropLast(cut))])
      #expect(cut.ending?.how == .truncated)
      #expect(cut.decoded == "gzip")
    }
    // Nothing of it could be decoded.
    let header = written("gzip", [Array(member.prefix(9))])
    #expect(header.ending?.how == .truncated)
    #expect(header.decoded == nil)
    #expect(header.chunks.flatMap(\.bytes) == Array(member.prefix(9)))
  }

  @Test(
    "a body that is not in its coding is kept as it came, and malformed",
    arguments: ["gzip", "deflate", "zstd", "br"])
  func mistaken(coding: String) throws {
    let pieces = [Array(": hi\n\n".utf8), Self.text, try Gzip.member(of: Self.text)]
    let written = written(coding, pieces)
    #expect(written.decoded == nil)
    #expect(written.headers == [HeaderField("Content-Encoding", coding)])
    #expect(written.chunks.map(\.bytes) == pieces)
    #expect(written.chunks.map(\.at) == [0, 1, 2])
    #expect(written.ending?.how == .malformed)
    #expect(written.ending?.detail?.contains(coding) == true)
  }

  @Test(
    "one that nobody knows is kept as it came",
    arguments: ["utf-8", "gzip, gzip", "identity", "none", "aws-chunked"])
  func unknown(coding: String) {
    let written = written(coding, [Self.text])
    #expect(written.decoded == nil)
    #expect(written.chunks.map(\.bytes) == [Self.text])
    #expect(written.ending == Ending(how: .complete))
  }

  @Test("identity beside a coding is none, and an empty body is whole")
  func identity() throws {
    let written = written("identity, GZIP", [try Gzip.member(of: Self.text)])
    #expect(written.decoded == "gzip")
    #expect(written.chunks.flatMap(\.bytes) == Self.text)
    let empty = self.written("gzip", [])
    #expect(empty.decoded == nil)
    #expect(empty.ending?.how == .complete)
  }

  @Test("br and zstd are undone where their libraries are", arguments: ["br", "zstd"])
  func loaded(coding: String) {
    guard ContentDecoder(coding: coding) != nil else { return }
    let body = coding == "br" ? Self.br : Self.zstd
    let whole = written(coding, body.map { [$0] })
    #expect(whole.decoded == coding)
    #expect(whole.chunks.flatMap(\.bytes) == Self.hello)
    #expect(whole.ending?.how == .complete)
    let cut = written(coding, [Array(body.dropLast(2))])
    #expect(cut.ending?.how == .truncated)
  }

  @Test("a body that breaks its coding later keeps what was decoded")
  func later() throws {
    let parts = try Gzip.flushed(Self.text, at: [16, Self.text.count])
    let written = written("gzip", [parts[0], [UInt8](repeating: 0xFF, count: 100), parts[1]])
    #expect(written.decoded == "gzip")
    #expect(written.chunks.map(\.bytes) == [Array(Self.text[..<16])])
    #expect(written.ending?.how == .malformed)
  }
}
