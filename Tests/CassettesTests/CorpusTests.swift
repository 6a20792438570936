import TestSupport
import Testing

@testable import Cassettes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Real streams, where the environment names a folder of them.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] != nil))
struct CorpusTests {
  static let streams: [[UInt8]] = {
    guard let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] else { return [] }
    let manager = FileManager.default
    let folders = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return folders.flatMap { name in
      ((try? manager.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []).sorted()
        .filter { $0.hasSuffix(".sse") }
        .compactMap { try? Data(contentsOf: URL(filePath: "\(folder)/\(name)/\($0)")) }
        .map { [UInt8]($0) }
    }
  }()

  @Test("a real stream in chunks of any size goes into a cassette and comes back")
  func roundTrip() throws {
    var seed = SeededGenerator(8)
    #expect(!Self.streams.isEmpty)
    var raw = 0
    var stored = 0
    for stream in Self.streams {
      var exchange = Samples.example
      (exchange.body, exchange.chunks) = ([], [])
      var now: Int64 = 412_345
      var rest = stream[...]
      while !rest.isEmpty {
        now += Int64.random(in: 0...40_000, using: &seed)
        let chunk = rest.prefix(Int.random(in: 1...300, using: &seed))
        exchange.append(chunk: chunk, at: Samples.time(now))
        rest = rest.dropFirst(chunk.count)
      }
      exchange.ending.at = Samples.time(now)
      let bytes = try CassetteWriter.cassette(of: [exchange])
      var reader = try CassetteReader(bytes: bytes)
      #expect(try reader.rest() == [exchange])
      (raw, stored) = (raw + stream.count, stored + bytes.count)
    }
    #expect(stored * 3 < raw)
  }
}
