import Cassettes
import Judging
import Testing
import Torture

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Real streams, where the environment names a folder of them.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] != nil))
struct CaseCorpusTests {
  static let recordings: [(name: String, recording: CaseRecording)] = {
    guard let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] else { return [] }
    let manager = FileManager.default
    let folders = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return folders.flatMap { name in
      ((try? manager.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []).sorted()
        .filter { $0.hasSuffix(".sse") }
        .compactMap { file in
          let url = URL(filePath: "\(folder)/\(name)/\(file)")
          guard let data = try? Data(contentsOf: url) else { return nil }
          let exchange = Recordings.exchange(body: [UInt8](data))
          return (file, CaseRecording(exchange, cassette: "a", number: 1))
        }
    }
  }()

  /// Of how many streams one is planned: all of them take long.
  private static let step = 12

  @Test("each real stream has telling cases, each id once")
  func ids() {
    #expect(!Self.recordings.isEmpty)
    for (name, recording) in Self.recordings {
      let outlines = CaseCatalogue().outlines(of: recording)
      #expect(Set(outlines.map(\.id)).count == outlines.count, "\(name)")
      #expect((80...600).contains(outlines.count), "\(name): \(outlines.count)")
    }
  }

  @Test("a real stream that is written in another way means the same")
  func parsing() throws {
    for (index, (name, recording)) in Self.recordings.enumerated() where index % Self.step == 0 {
      let outlines = CaseCatalogue().outlines(of: recording) {
        $0.hasPrefix("parse/") && !$0.hasPrefix("parse/big") && $0 != "parse/gzip"
      }
      let plain = try #require(recording.planned(outlines[0]))
      for torture in outlines.compactMap(recording.planned) {
        #expect(
          torture.expect == plain.expect, "\(name) \(torture.id): \(torture.expected.steps[0].why)")
        #expect(torture.expected.steps[0].text == plain.expected.whole, "\(name) \(torture.id)")
      }
    }
  }
}
