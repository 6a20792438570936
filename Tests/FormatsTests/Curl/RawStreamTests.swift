import Cassettes
import Formats
import HTTP
import Testing

@Suite("Event streams, lines of JSON and httprr")
struct RawStreamTests {
  private typealias Samples = CurlSamples

  @Test("The bytes of an event stream stay as they are")
  func stream() throws {
    for body in ["data: 1\n\n", "\u{FEFF}: x\r\nevent: a\r\ndata: 2\r\n\r\n", "data: cut"] {
      let capture = try Samples.one(body, with: EventStreamFormat())
      #expect(Samples.text(capture.body) == body)
      #expect(capture.request.url == nil)
    }
  }

  @Test("What curl says of the stream is no part of it")
  func words() throws {
    let meter =
      "\r  0     0    0   994    0     0   4941      0 --:--:--  0:00:01 --:--:--  5356"
    let text =
      "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
      + "                                 Dload  Upload   Total   Spent    Left  Speed\n"
      + "\(meter)data: 1\n\n\(meter)data: 2\n\ndata\(meter)\n"
      + "curl: (56) Recv failure: Connection reset by peer\n"
    let opening = Opening(bytes: Array(text.utf8), fileName: "a.txt")
    #expect(ImportFormats.detect(opening)?.name == "sse")
    let capture = try Samples.one(text, with: EventStreamFormat())
    #expect(Samples.text(capture.body) == "data: 1\n\ndata: 2\n\ndata")
    #expect(capture.ending == .reset)
  }

  @Test("Another text is no event stream")
  func noStream() {
    #expect(throws: ImportError.self) { try Samples.read("", with: EventStreamFormat()) }
    #expect(throws: ImportError.self) { try Samples.read("a: 1\n", with: EventStreamFormat()) }
  }

  @Test(
    "Lines of JSON become the events that the provider would send",
    arguments: [
      ("{\"type\":\"message_stop\"}", "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
      (
        "{\"type\":\"response.created\"}\r\n",
        "event: response.created\ndata: {\"type\":\"response.created\"}\n\n"
      ),
      ("{\"choices\":[]}\n\n", "data: {\"choices\":[]}\n\ndata: [DONE]\n\n"),
      ("{\"choices\":[]}\n[DONE]\n", "data: {\"choices\":[]}\n\ndata: [DONE]\n\n"),
      ("{\"candidates\":[]}\n", "data: {\"candidates\":[]}\n\n"),
    ])
  func lines(text: String, body: String) throws {
    let capture = try Samples.one(text, with: ChunkLinesFormat())
    #expect(Samples.text(capture.body) == body)
    #expect(capture.isMadeUp)
    #expect(capture.losses.count == 1)
  }

  @Test("A line that is no object says which it is", arguments: ["{\"a\":", "7", "data: {}"])
  func noObject(line: String) {
    #expect {
      try Samples.read("{\"choices\":[]}\n\(line)\n", with: ChunkLinesFormat())
    } throws: {
      ($0 as? ImportError)?.line == 2
    }
  }

  private static func httprr(_ parts: [(String, String)]) -> String {
    "httprr trace v1\n"
      + parts.map { "\($0.utf8.count) \($1.utf8.count)\n" + $0 + $1 }.joined()
  }

  private static let asked =
    "POST https://a/v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"

  @Test("Counts say where requests and answers of httprr end")
  func traces() throws {
    let captures = try Samples.read(
      Self.httprr([
        (Self.asked, "HTTP/2.0 200 OK\r\nContent-Length: 9\r\n\r\ndata: 1\n\n"),
        ("GET https://a/b HTTP/1.1\nHost: a\n\n", "HTTP/1.1 200 OK\n\ndata: 2\n\n"),
      ]), with: HTTPRRFormat())
    #expect(captures.map(\.request.url) == ["https://a/v1/messages", "https://a/b"])
    #expect(captures.map { Samples.text($0.body) } == ["data: 1\n\n", "data: 2\n\n"])
    #expect(captures.map { Samples.text($0.request.body) } == ["{}", ""])
    #expect(captures[0].framing == .h2)
  }

  @Test(
    "Counts that cannot be are an error",
    arguments: [
      "999999999999 5\n", "5\n", "-1 4\n", "a b\n", "99999999999999999999 1\n",
      "9223372036854775807 9223372036854775807\n", "30 5\nGET / HTTP/1.1\n",
    ])
  func counts(line: String) {
    #expect {
      try Samples.read("httprr trace v1\n" + line, with: HTTPRRFormat())
    } throws: {
      ($0 as? ImportError)?.line == 2
    }
  }
}
