import Cassettes
import Formats
import HTTP
import Testing

@Suite("Cassettes of agentrec")
struct AgentrecFormatTests {
  private static let text = #"""
    {"metadata":{"provider":"x","latency_first_chunk_s":0.1023,"latency_s":0.2,
    "recorded_at":"2026-05-01T10:00:00.200000+00:00"},
    "request":{"method":"POST","url":"https://api.example.com/v1/messages",
    "headers":[["Host","api.example.com"],["x-b",{"__b64__":"/w=="}]],"content":"{}"},
    "response_status":200,"response_headers":[["content-type","text/event-stream"]],
    "response_extensions":{"http_version":{"__bytes__":"HTTP/1.0"}},
    "chunks":[{"data":"data: a\n\n","timestamp_offset":0.002300001},
    {"data":{"__b64__":"ZGF0YTogww=="},"timestamp_offset":0.0525},
    {"data":{"__b64__":"pAoK"},"timestamp_offset":0.0529}]}
    """#

  @Test("Chunks come with the times at which they were recorded")
  func times() throws {
    let capture = try #require(try ReadFile("agentrec", Self.text).captures.first)
    #expect(capture.request.method == "POST")
    #expect(capture.request.headers.last == HeaderField("x-b", "\u{FF}"))
    #expect(capture.http == "1.0")
    #expect(capture.text == "data: a\n\ndata: ä\n\n")
    #expect(capture.ends == [9, 16, 19])
    #expect(capture.arrivals == [102_300, 152_500, 152_900])
    guard case .arrivals(_, let head, let end) = capture.times else { return }
    #expect(head.count == 100_000)
    #expect(end.count == 200_000)
    #expect(capture.at == Timestamp.microseconds(rfc3339: "2026-05-01T10:00:00Z"))
    #expect(capture.ending == .complete)
  }

  @Test("A stream that ends inside an event was cut")
  func cutStream() throws {
    let text = Self.text.replacing("pAoK", with: "pAo=")
    #expect(try ReadFile("agentrec", text).captures.first?.ending == .truncated)
  }

  @Test("A file that is cut anywhere fails with its place")
  func cuts() throws {
    try expectCutsAreSafe("agentrec", Array(Self.text.utf8)) { $0.body == $1.body }
  }

  @Test("Values of other types fail with their place, or say nothing")
  func mutations() throws {
    try expectMutationsAreSafe(
      "agentrec", Self.text,
      [
        #""POST""#, "200", #""data: a\n\n""#, "0.002300001", #""/w==""#,
        #"["Host","api.example.com"]"#,
        #"{"__bytes__":"HTTP/1.0"}"#, "0.1023",
        #"{"data":{"__b64__":"pAoK"},"timestamp_offset":0.0529}"#,
      ])
  }

  @Test("It is known by its fields")
  func recognition() {
    let opening = Opening(bytes: Array(Self.text.utf8), fileName: "x.json")
    #expect(ImportFormats.detect(opening)?.name == "agentrec")
  }
}
