import Cassettes
import Formats
import HTTP
import Testing

@Suite("Cassettes of the VCR family")
struct CassetteFamilyTests {
  @Test("Each kind is told by its content", arguments: CassetteSamples.all)
  func detection(sample: (format: String, text: String)) {
    let opening = Opening(bytes: Array(sample.text.utf8), fileName: "x")
    let best = ImportFormats.all.max { $0.recognizes(opening) < $1.recognizes(opening) }
    #expect(best?.name == sample.format)
    #expect(ImportFormats.detect(opening)?.name == sample.format)
  }

  @Test("Each gives its two exchanges in order, byte for byte", arguments: CassetteSamples.all)
  func exchanges(sample: (format: String, text: String)) throws {
    let found = try captures(sample.format, sample.text)
    try #require(found.count == 2)
    #expect(found.map(\.status) == [200, 404])
    #expect(found.map(\.request.method) == ["POST", "GET"])
    #expect(found.map(\.text) == [CassetteSamples.stream, "[]"])
    #expect(found[0].request.body == Array(#"{"stream":true}"#.utf8))
    #expect(found[1].request.body.isEmpty)
    #expect(found[0].request.headers.value(of: "accept") == "*/*")
    #expect(found[0].headers.value(of: "content-type") == "text/event-stream")
    #expect(found.allSatisfy { $0.ending == .complete && $0.losses.isEmpty })
    #expect(found[1].request.url?.hasSuffix("/v1/models") == true)
  }

  @Test("Lines that end with CR LF give the same", arguments: CassetteSamples.all)
  func carriageReturns(sample: (format: String, text: String)) throws {
    let text = sample.text.replacing("\n", with: "\r\n")
    #expect(try captures(sample.format, text).map(\.text) == [CassetteSamples.stream, "[]"])
  }

  @Test("A byte order mark is passed over", arguments: CassetteSamples.all)
  func byteOrderMark(sample: (format: String, text: String)) throws {
    #expect(try captures(sample.format, "\u{FEFF}" + sample.text).count == 2)
  }

  @Test("A file cut anywhere gives whole exchanges, says what was cut, or is refused")
  func cuts() throws {
    for (format, text) in CassetteSamples.all {
      let bytes = Array(text.utf8)
      for percent in 0..<100 {
        let cut = Array(bytes.prefix(bytes.count * percent / 100))
        guard let found = try? captures(format, cut) else {
          let error = failure(format, String(decoding: cut, as: UTF8.self))
          #expect(error.map { $0.line >= 0 && !$0.reason.isEmpty } == true)
          continue
        }
        for (capture, whole) in zip(found, [CassetteSamples.stream, "[]"]) {
          let isWhole = capture.text == whole
          let isSaid = capture.ending == .truncated || !capture.losses.isEmpty
          // Between two lines of a block nothing shows that there were more.
          let isCutAtLine = whole.hasPrefix(capture.text) && cut.last == UInt8(ascii: "\n")
          #expect(isWhole || isSaid || isCutAtLine, "\(format) at \(percent) %: \(capture)")
        }
      }
    }
  }

  @Test("A body that the file ends within is truncated")
  func truncatedBody() throws {
    let end = try #require(CassetteSamples.httpmock.firstRange(of: #" {"b":"#)).lowerBound
    let found = try captures("httpmock", String(CassetteSamples.httpmock[..<end]))
    #expect(found.map(\.text) == ["data: {\"a\":1}\n\ndata:"])
    #expect(found.map(\.ending) == [.truncated])
    #expect(found[0].endingDetail == "the file ends within the body")
  }

  @Test("A value of a wrong kind is refused with its line, and never stops the program")
  func mutations() throws {
    for (format, text) in CassetteSamples.all {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for number in lines.indices {
        for wrong in ["7", "[[7]]", "{q: {q: 7}}", "'x y'", "!!binary '§'", "~", "-1e999", "&a *a"]
        {
          var mutated = lines
          guard let colon = lines[number].firstRange(of: ": ") else { continue }
          mutated[number] = lines[number][..<colon.upperBound] + wrong
          let error = failure(format, mutated.joined(separator: "\n"))
          if let error { #expect(error.line >= 0 && !error.reason.contains("\n")) }
        }
      }
    }
  }

  @Test("An empty file, an empty list and a list that is none")
  func emptiness() throws {
    for format in ["vcrpy", "ruby-vcr", "betamax", "httpmock", "go-vcr"] {
      #expect(failure(format, "")?.reason.hasPrefix("expected") == true)
      #expect(failure(format, "a: 1\n")?.reason.hasPrefix("expected") == true)
      #expect(failure(format, "just words\n")?.reason.hasPrefix("expected") == true)
    }
    #expect(try captures("vcrpy", "interactions: []\nversion: 1\n").isEmpty)
    #expect(failure("vcrpy", "interactions: 5\n")?.line == 1)
    #expect(failure("vcrpy", "version: 1\ninteractions:\n- 5\n")?.line == 3)
  }
}
