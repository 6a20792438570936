import Foundation
import TestSupport
import Testing

@testable import HTTP

/// What llhttp makes of mangled requests is kept beside these tests.
///
/// `Resources/llhttp.jsonl` has a request a line: its `bytes` in base64, the `lines` of what was read, and the
/// `error`. SwiftNIO 2.101 wrote them, with the llhttp that it brings.
@Suite("Mangled requests are read as llhttp reads them, but for what RFC 9112 forbids")
struct RequestDifferenceTests {
  /// What came of some bytes.
  private struct Outcome: Equatable {
    var lines: [String] = []
    var error: String?

    /// Whether the last request is for another protocol, behind which llhttp reads nothing.
    var hasStopped: Bool {
      guard let head = lines.last(where: { !$0.hasPrefix("end ") }) else { return false }
      return head.hasPrefix("CONNECT ") || head.lowercased().contains("upgrade=")
    }
  }

  /// Where the two differ, and which clause of RFC 9112 ours goes by.
  private static let known: [String: String] = [
    refuses("a chunk has no size"): "7.1: no recipient may let a size overflow",
    refuses("it has a transfer-encoding, which HTTP/1.0 does not have"): "6.1: faulty framing",
    refuses("it has both content-length and transfer-encoding"): "6.1: an empty coding is one too",
    refuses("its content-length is not a number"): "6.3: no recipient may let a length overflow",
    refuses("its first line is not METHOD TARGET VERSION"): "3: single spaces",
    refuses("its last transfer-encoding is not chunked"): "6.3: its length is not known",
    refuses("its method is not a token"): "2.2: a bare CR in front of it",
    "ours refuses: unknownCoding": "6.1: a coding that is not undone is answered with 501",
    "ours reads on: data received after completed connection: close message":
      "9.6: the connection stops the parser behind an answer that closes",
    "ours reads on: invalid HTTP method": "9110, 9.1: any token is one",
    "ours reads on: invalid HTTP version": "2.2: a bare LF ends a line of the head",
    "ours reads on: invalid character in content-length header": "5.1: blanks end no value",
    "ours reads on: invalid character in header": "2.2: a bare LF ends a line of the head",
    "ours reads on: strict mode assertion": "7.1.1: extensions that are not known are ignored",
    "ours reads on: unknown (http_parser error)": "2.2: a bare LF ends a line of the head",
  ]

  private static func refuses(_ why: String) -> String {
    "ours refuses: \(RequestSyntaxError.invalid(why))"
  }

  // MARK: The readers

  private static func ours(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
    var parser = RequestParser(headBytes: 4096)
    var reading = Reading()
    for piece in pieces {
      parser.feed(Array(piece))
      do {
        while let part = try parser.next() { reading.note(part) }
      } catch {
        return reading.outcome("\(error)")
      }
    }
    return reading.outcome(nil)
  }

  /// What llhttp made of the requests that are kept.
  private static func theirs() throws -> [(bytes: [UInt8], outcome: Outcome)] {
    let url = try #require(Bundle.module.url(forResource: "llhttp", withExtension: "jsonl"))
    return try Data(contentsOf: url).split(separator: UInt8(ascii: "\n")).map { line in
      let kept = try JSONDecoder().decode(Kept.self, from: line)
      let bytes = try #require(Data(base64Encoded: kept.bytes))
      return (Array(bytes), Outcome(lines: kept.lines, error: kept.error))
    }
  }

  private struct Kept: Decodable {
    var bytes: String
    var lines: [String]
    var error: String?
  }

  private struct Reading {
    var lines: [String] = []
    var body: [UInt8] = []

    mutating func note(_ part: RequestPart) {
      switch part {
      case .head(let head):
        let fields = head.fields.map { "\($0.name)=\(trimmed($0.value))" }.joined(separator: "|")
        lines.append(
          plain("\(head.method) \(head.target) HTTP/1.\(head.isHTTP11 ? 1 : 0) \(fields)"))
      case .body(let bytes): body += bytes
      case .end:
        lines.append("end \(body)")
        body = []
      }
    }

    /// SwiftNIO takes fields for UTF-8, and the deck for Latin-1: what is beyond ASCII becomes one
    /// mark.
    private func plain(_ text: String) -> String {
      text.split(omittingEmptySubsequences: false) { !$0.isASCII }.joined(separator: "?")
        .replacing(/\?+/, with: "?")
    }

    /// llhttp leaves blanks behind a value. (RFC 9112, 5.1)
    private func trimmed(_ value: String) -> Substring {
      var value = value[...]
      while value.last == " " || value.last == "\t" { value.removeLast() }
      return value
    }

    func outcome(_ error: String?) -> Outcome { Outcome(lines: lines, error: error) }
  }

  // MARK: The requests

  private static let fragments: [String] = [
    "\r\n", "\n", "\r", " ", "\t", ":", ",", ";", "\"", "\0", "\u{7F}", "é", "0", "1", "5", "A",
    "f",
    "x", "chunked", "gzip", "Content-Length: 5\r\n", "Content-Length: 0\r\n",
    "Content-Length: +5\r\n",
    "content-length: 5, 5\r\n", "Content-Length:\r\n", "content-length: 0x5\r\n",
    "Content-Length: 9999999999999999999\r\n", "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: identity\r\n", "Transfer-Encoding:\tchunked \r\n",
    "transfer-encoding: xchunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
    "Transfer-Encoding:\r\n", "Transfer-Encoding : chunked\r\n", "Host: a\r\n", "A: b\r\n c\r\n",
    "Connection: close\r\n", "Upgrade: a\r\nConnection: upgrade\r\n", "abcde", "5\r\nabcde\r\n",
    "0\r\n\r\n", "0\r\nT: 1\r\n\r\n", "5;a=\"b;c\"\r\nabcde\r\n", "FFFFFFFFFFFFFFFF\r\n",
    "-1\r\n", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.0", "HTTP/1.2", "http/1.1", "HTTP/2.0",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n\r\n", "OPTIONS * HTTP/1.1\r\n",
    "GET http://a/b HTTP/1.1\r\n", "#", "?", "%", "://",
  ]

  private static let seeds: [String] = [
    "GET /a?b=c HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcdeGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nabcde\r\nA\r\n"
      + "0123456789\r\n0\r\nT: u\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
    "\rGET /a HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /a HTTP/1.0\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc",
  ]

  private static func mangled(_ chance: inout SeededGenerator) -> [UInt8] {
    var bytes = Array((seeds.randomElement(using: &chance) ?? "").utf8)
    for _ in 0..<Int.random(in: 0...3, using: &chance) {
      let place = Int.random(in: 0...bytes.count, using: &chance)
      switch Int.random(in: 0..<8, using: &chance) {
      case 0:
        let end = min(bytes.count, place + Int.random(in: 1...4, using: &chance))
        bytes.removeSubrange(place..<end)
      case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &chance)
      case 2...4:
        // Where a field line begins.
        let lines = bytes.indices.filter { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\n") }
        let line = lines.randomElement(using: &chance) ?? place
        bytes.insert(contentsOf: (fragments.randomElement(using: &chance) ?? "").utf8, at: line)
      default:
        bytes.insert(contentsOf: (fragments.randomElement(using: &chance) ?? "").utf8, at: place)
      }
    }
    return bytes
  }

  // These take seconds, for which the threads of Swift's own pool are left to other tests.

  @Test("a mangled request is read alike in one piece, byte by byte and cut in two")
  func cuts() async throws {
    let different = try await blocking {
      var chance = SeededGenerator(1)
      return (0..<2000).map { _ in Self.mangled(&chance) }.filter { bytes in
        let whole = Self.ours([bytes[...]])
        let cut = Int.random(in: 0...bytes.count, using: &chance)
        return Self.ours(bytes.indices.map { bytes[$0...$0] }) != whole
          || Self.ours([bytes[..<cut], bytes[cut...]]) != whole
      }
    }
    #expect(different.map { String(decoding: $0, as: UTF8.self) } == [])
  }

  @Test("a mangled request is read as llhttp reads it, or the difference has its clause")
  func differences() async throws {
    let seen = try await blocking {
      try Self.theirs().reduce(into: [String: String]()) { seen, request in
        let ours = Self.ours([request.bytes[...]])
        guard let difference = Self.difference(ours, request.outcome) else { return }
        seen[difference] = String(decoding: request.bytes, as: UTF8.self)
      }
    }
    #expect(seen.filter { Self.known[$0.key] == nil } == [:], "differences without a clause")
    #expect(Self.known.filter { seen[$0.key] == nil } == [:], "differences that there are not")
  }

  /// Who reads more than the other, and why that does not, or nil where nobody does: ours looks at
  /// a head when it is whole, so it may still wait where llhttp knows that it is wrong.
  private static func difference(_ ours: Outcome, _ theirs: Outcome) -> String? {
    let most = max(ours.lines.count, theirs.lines.count)
    if ours.lines.starts(with: theirs.lines), ours.lines.count == most {
      if let error = ours.error, theirs.error == nil {
        return theirs.hasStopped ? nil : "ours refuses: \(error)"
      }
      if ours.lines.count == theirs.lines.count || theirs.hasStopped { return nil }
      return "ours reads on: \(theirs.error ?? "llhttp waits")"
    }
    if theirs.lines.starts(with: ours.lines) {
      return "ours refuses: \(ours.error ?? "waits")"
    }
    return "read differently"
  }
}
