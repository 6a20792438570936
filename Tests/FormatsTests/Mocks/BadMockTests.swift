import Cassettes
import Documents
import Formats
import Testing

/// A valid file of a format, by its name.
struct MockSample: CustomTestStringConvertible, Sendable {
  var format: String
  var text: String

  var testDescription: String { format }

  static let all = [
    Self(
      format: "wiremock",
      text: """
        {"mappings":[{"request":{"method":"GET","urlPath":"/a","headers":{"A":{"equalTo":"b"}}},
        "response":{"status":200,"jsonBody":{"a":1},"chunkedDribbleDelay":{"numberOfChunks":3,"totalDuration":9}}}]}
        """),
    Self(
      format: "hoverfly",
      text: """
        {"data":{"pairs":[{"request":{"path":[{"matcher":"exact","value":"/a"}],"query":{"q":[{"matcher":"exact",
        "value":"1"}]}},"response":{"status":200,"body":"aGk=","encodedBody":true,"headers":{"A":["b"]}}}],
        "globalActions":{"delays":[{"urlPattern":"a","delay":3}]}},"meta":{"schemaVersion":"v5.2"}}
        """),
    Self(
      format: "aimock",
      text: """
        {"fixtures":[{"match":{"userMessage":"Hi","model":"claude"},"response":{"content":"Hello",
        "toolCalls":[{"name":"f","arguments":{"a":1}}],"usage":{"input_tokens":3}},"chunkSize":2,
        "recordedTimings":{"ttftMs":3,"interChunkDelaysMs":[1,2],"totalDurationMs":9}}]}
        """),
    Self(
      format: "llmposter",
      text: """
        fixtures:
          - match: {user_message: hello}
            provider: anthropic
            response: {content: "Hi there", stop_reason: end_turn}
            streaming: {latency: 5, chunk_size: 3}
            failure: {truncate_after_chunks: 2}
        """),
    Self(
      format: "json",
      text: """
        {"tapedeck":"exchanges","version":1,"exchanges":[{"id":"a","at":"2026-11-22T11:00:00Z","method":"GET",
        "url":"http://x/","status":200,"first_byte_us":1,"duration_us":9,"how":"complete","request":{"headers":[["a","b"]],
        "body":""},"response":{"http":"1.1","framing":"chunked","headers":[]},"chunks":[{"at_us":2,"text":"hi"}],"ending":{}}]}
        """),
  ]
}

@Suite("Bad files of mocks")
struct BadMockTests {
  @Test("A whole file is one exchange", arguments: MockSample.all)
  func whole(sample: MockSample) throws {
    let captures = try MockReading.captures(sample.text.utf8, sample.format)
    #expect(captures.count == 1)
    #expect(try MockReading.exchange(captures[0]).head?.status == 200)
    let opening = Opening(bytes: Array(sample.text.utf8), fileName: "x")
    #expect(ImportFormats.detect(opening)?.name == sample.format)
  }

  @Test("A file that is cut anywhere is an error, or has no exchange", arguments: MockSample.all)
  func cut(sample: MockSample) {
    let bytes = Array(sample.text.utf8)
    for percent in 0..<100 {
      let prefix = bytes[..<(bytes.count * percent / 100)]
      expectError(sample, prefix, mayRead: sample.format == "llmposter")
    }
  }

  @Test("Values of other types are errors or are left out", arguments: MockSample.all)
  func types(sample: MockSample) {
    for (place, byte) in sample.text.utf8.enumerated() where byte == UInt8(ascii: ":") {
      for value in ["null", "[]", "{}", "-1", "1e999", "\"x\"", "[[[[]]]]"] {
        var text = Array(sample.text.utf8)
        let end =
          text[(place + 1)...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") }
          ?? text.endIndex
        text.replaceSubrange((place + 1)..<end, with: " \(value)".utf8)
        expectError(sample, text[...], mayRead: true)
      }
    }
  }

  /// Expects an error of one line, or exchanges that a cassette takes.
  private func expectError(_ sample: MockSample, _ bytes: ArraySlice<UInt8>, mayRead: Bool) {
    do {
      for capture in try MockReading.captures(bytes, sample.format) {
        _ = try MockReading.exchange(capture)
        if !mayRead { Issue.record("\(bytes.count) bytes were read") }
      }
    } catch let error as ImportError {
      #expect(!error.description.contains("\n"))
    } catch let error as DocumentError {
      #expect(!error.description.contains("\n"))
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test("What stands behind the document is an error", arguments: MockSample.all)
  func goesOn(sample: MockSample) {
    guard sample.format != "llmposter" else { return }
    for more in ["}", "{}", "\n[]", "x", "\n---\n" + sample.text] {
      #expect(throws: (any Error).self) {
        try MockReading.captures((sample.text + more).utf8, sample.format)
      }
    }
  }

  @Test("A text in more pieces than an exchange may have is an error")
  func manyPieces() {
    let text = String(repeating: "x", count: 200_001)
    let file =
      #"{"fixtures":[{"match":{},"response":{"content":"\#(text)"},"chunkSize":1}]}"#
    #expect(throws: ImportError.self) { try MockReading.captures(file.utf8, "aimock") }
  }

  @Test("Fixtures of aimock for other APIs are left out")
  func embeddings() throws {
    let captures = try MockReading.captures(
      #"""
      {"fixtures":[{"match":{"inputText":"a"},"response":{"embedding":[0.5]}},
      {"match":{"userMessage":"b"},"response":{"content":"c"}}]}
      """#.utf8, "aimock")
    #expect(captures.count == 1)
  }
}
