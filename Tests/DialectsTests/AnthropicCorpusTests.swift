import EventStream
import Testing

@testable import Dialects

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Recorded streams of Anthropic's, in a folder outside the package: TAPEDECK_CORPUS.
@Suite(
  "Recorded streams of Anthropic",
  .enabled(if: ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] != nil))
struct AnthropicCorpusTests {
  private static let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] ?? ""

  /// The streams that INDEX.tsv says are of this provider.
  static let files: [String] = {
    guard let index = try? String(contentsOfFile: "\(folder)/INDEX.tsv", encoding: .utf8)
    else { return [] }
    return index.split(separator: "\n").compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard columns.count > 1, columns[1] == "anthropic" else { return nil }
      return columns[0].hasSuffix(".sse") ? String(columns[0]) : nil
    }
  }()

  @Test("there are streams to read")
  func some() {
    #expect(Self.files.count > 50)
  }

  @Test(
    "each is known for Anthropic's, has no problem, and is whole unless it was cut",
    arguments: files)
  func whole(file: String) throws {
    let body = Array(try Data(contentsOf: URL(filePath: "\(Self.folder)/\(file)")))
    let index = EventIndex(body: body, chunkEnds: [])
    let evidence = DialectEvidence(target: "/", firstEvents: index.events)
    let dialect = DialectCatalogue.standard.dialect(for: evidence)
    #expect(dialect.name == "anthropic")
    var accumulator = MessageAccumulator(dialect)
    for event in index.events { accumulator.take(event) }
    #expect(accumulator.log.problems.isEmpty)
    #expect(accumulator.log.unrecognized.isEmpty)
    let isCut = !index.events.contains { $0.type == "message_stop" }
    #expect((accumulator.completeness.reason != nil) == isCut)
    if isCut { #expect(!index.tail.isEmpty) }
  }
}
