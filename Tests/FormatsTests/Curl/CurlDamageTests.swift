import Cassettes
import Documents
import Formats
import Testing

@Suite("Damaged files of the formats of curl")
struct CurlDamageTests {
  private typealias Samples = CurlSamples

  struct Sample: CustomTestStringConvertible, Sendable {
    var format: any ImportFormat
    var text: String
    var testDescription: String { format.name }
  }

  private static let head =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
  private static let asked = "POST https://a/b HTTP/1.1\r\nHost: a\r\n\r\n{}"

  static let samples: [Sample] = [
    Sample(format: CurlTraceFormat(), text: Samples.trace(Samples.hex)),
    Sample(format: CurlTraceFormat(), text: Samples.trace(Samples.ascii)),
    Sample(format: CurlIncludeFormat(), text: head + Samples.body),
    Sample(
      format: CurlVerboseFormat(),
      text: "*   Trying 1.1.1.1:80...\n> GET / HTTP/1.1\r\n> Host: a\r\n> \r\n< HTTP/1.1 200 OK\r\n"
        + "< content-type: text/event-stream\r\n< \r\n{ [31 bytes data]\n" + Samples.body
        + "* Connection #0 to host a left intact\n"),
    Sample(format: EventStreamFormat(), text: Samples.body),
    Sample(
      format: ChunkLinesFormat(),
      text: "{\"type\":\"message_start\",\"message\":{}}\n{\"type\":\"message_stop\"}\n"),
    Sample(
      format: HTTPRRFormat(),
      text: "httprr trace v1\n\(asked.utf8.count) \(head.utf8.count + Samples.body.utf8.count)\n"
        + asked + head + Samples.body),
  ]

  @Test(
    "A file cut anywhere gives a part of the stream, or says where it is wrong", arguments: samples)
  func cut(sample: Sample) throws {
    let bytes = Array(sample.text.utf8)
    for percent in 0..<100 {
      let part = Array(bytes.prefix(bytes.count * percent / 100))
      do {
        for capture in try Samples.read(part, with: sample.format, pieceBytes: 37) {
          // Of a mark of curl's that was cut nobody can say whose it is.
          let text = Samples.text(capture.body)
          let isPart = [text, String(text.dropLast()), String(text.dropLast(3))].contains {
            Samples.body.hasPrefix($0)
          }
          #expect(isPart || capture.isMadeUp || sample.text.contains("=> Send"))
          if sample.text.contains("=> Send"), capture.body.count < Samples.body.utf8.count {
            #expect(capture.ending != .complete)
          }
        }
      } catch let error as ImportError {
        #expect(!error.reason.contains("\n"))
      } catch is DocumentError {}
    }
  }

  @Test("A file that is changed anywhere is read, or says where it is wrong", arguments: samples)
  func changed(sample: Sample) throws {
    let bytes = Array(sample.text.utf8)
    let others: [UInt8] = [0, 0x0A, 0x0D, 0x20, 0x2D, 0x30, 0x39, 0x3A, 0x66, 0x80, 0xFF]
    for (number, place) in stride(from: 0, to: bytes.count, by: 3).enumerated() {
      var changed = bytes
      changed[place] = others[number % others.count]
      if number % 5 == 0 { changed.remove(at: place) }
      if number % 7 == 0 { changed.insert(contentsOf: "99999999".utf8, at: place) }
      do {
        for capture in try Samples.read(changed, with: sample.format, pieceBytes: 100) {
          _ = try? CaptureFinisher().exchange(of: capture, format: sample.format.name)
        }
      } catch let error as ImportError {
        #expect(!error.reason.contains("\n"))
      } catch is DocumentError {}
    }
  }

  @Test("Each file is known for what it is", arguments: samples)
  func detected(sample: Sample) {
    let opening = Opening(bytes: Array(sample.text.utf8), fileName: "capture.txt")
    #expect(ImportFormats.detect(opening)?.name == sample.format.name)
  }

  @Test(
    "Files of others are not taken",
    arguments: [
      "{\"log\":{\"version\":\"1.2\",\"entries\":[]}}", "interactions:\n- request:\n    uri: a\n",
      "---\nversion: 2\ninteractions: []\n", "when:\n  path: /a\nthen:\n  status: 200\n",
      "[{\"event\": 1}]\n", "{\"request\":{},\"response\":{}}", "* a list\n* of things\n", "",
      "data:\n  - a: 1\n    b: 2\n",
    ])
  func others(text: String) {
    let opening = Opening(bytes: Array(text.utf8), fileName: "file")
    for format in [
      CurlTraceFormat(), CurlIncludeFormat(), CurlVerboseFormat(), EventStreamFormat(),
      ChunkLinesFormat(), HTTPRRFormat(),
    ] as [any ImportFormat] {
      #expect(format.recognizes(opening) == .no)
    }
  }
}
