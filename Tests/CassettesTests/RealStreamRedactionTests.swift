import Cassettes
import HTTP
import Redaction
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Recorded streams of real providers, which hold no keys, in a folder outside the package.
private enum RealStreams {
  static let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"]

  static let files: [String] = {
    guard let folder,
      let index = try? Data(contentsOf: URL(filePath: "\(folder)/INDEX.tsv"))
    else { return [] }
    let lines = String(decoding: index, as: UTF8.self).split(separator: "\n").dropFirst()
    return lines.compactMap { $0.split(separator: "\t").first.map(String.init) }
      .filter { $0.hasSuffix(".sse") }
  }()
}

@Suite("Redaction of recorded streams", .enabled(if: RealStreams.folder != nil))
struct RealStreamRedactionTests {
  @Test("changes nothing in a stream without keys, and finds nothing")
  func nothingToRedact() throws {
    let folder = try #require(RealStreams.folder)
    try #require(RealStreams.files.count > 100)
    for file in RealStreams.files {
      let body = Array(try Data(contentsOf: URL(filePath: "\(folder)/\(file)")))
      var redacted = body
      Redactor.redact(body: &redacted)
      #expect(redacted == body, "\(file)")
      var exchange = Exchange(
        request: RecordedRequest(id: "1", at: "", method: "GET", path: "/"),
        head: ResponseHead(
          status: 200, headers: [HeaderField("content-type", "text/event-stream")]),
        ending: Ending(how: .complete))
      exchange.append(chunk: body, at: .zero)
      #expect(SecretScanner().findings(in: exchange).isEmpty, "\(file)")
    }
  }
}
