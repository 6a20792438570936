import EventStream
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Recorded streams of real providers, in a folder outside the package: TAPEDECK_CORPUS.
enum Corpus {
  static let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"]

  struct Entry: Sendable, CustomTestStringConvertible {
    let file: String
    let events: Int
    var testDescription: String { file }
  }

  /// The rows of INDEX.tsv: the file's name first, the number of its events last.
  static let entries: [Entry] = {
    guard let index = bytes(of: "INDEX.tsv") else { return [] }
    let lines = String(decoding: index, as: UTF8.self).split(separator: "\n").dropFirst()
    return lines.compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard let file = columns.first, file.hasSuffix(".sse") else { return nil }
      return Entry(file: String(file), events: columns.last.flatMap { Int($0) } ?? -1)
    }
  }()

  static func bytes(of file: String) -> [UInt8]? {
    guard let folder, let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
    else { return nil }
    return Array(data)
  }
}

@Suite("Recorded streams", .enabled(if: Corpus.folder != nil))
struct CorpusTests {
  @Test("there are streams to read")
  func some() {
    #expect(Corpus.entries.count > 100)
  }

  @Test("the events are as many as the index says", arguments: Corpus.entries)
  func count(entry: Corpus.Entry) throws {
    let body = try #require(Corpus.bytes(of: entry.file))
    #expect(EventIndex(body: body, chunkEnds: []).events.count == entry.events)
  }

  @Test("the plain parser and small pieces agree", arguments: Corpus.entries)
  func agrees(entry: Corpus.Entry) throws {
    let body = try #require(Corpus.bytes(of: entry.file))
    let whole = Reading(pieces: [body])
    let naive = NaiveParser(body)
    #expect(whole.events == naive.events)
    #expect(whole.dispatchOffsets == naive.dispatchOffsets)
    #expect(Reading(pieces: body.pieces(of: 7)) == whole)
    var encoder = EventStreamEncoder()
    let encoded = EventIndex(body: body, chunkEnds: []).events.flatMap { encoder.encode($0) }
    #expect(Reading(pieces: [encoded]).events == whole.events)
  }
}
