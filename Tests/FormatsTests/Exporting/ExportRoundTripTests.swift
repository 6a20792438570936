import Cassettes
import EventStream
import Formats
import Planning
import Testing

@Suite("Importing exports")
struct ExportRoundTripTests {
  /// The bytes of an export.
  static func exported(_ exchanges: [Exchange], _ format: any ExportFormat) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var writer = format.makeWriter(ExportOptions())
    for (index, exchange) in exchanges.enumerated() {
      try writer.write(exchange, number: index + 1) { bytes += $0 }
    }
    try writer.finish { bytes += $0 }
    return bytes
  }

  /// What a reader makes of some bytes.
  static func imported(_ bytes: [UInt8], _ name: String) throws -> [Exchange] {
    let format = try #require(ImportFormats.named(name).first)
    var rest = bytes[...]
    let input = ImportInput(
      feed: { limit in
        defer { rest = rest.dropFirst(limit) }
        return Array(rest.prefix(limit))
      }, fileName: "x")
    var exchanges: [Exchange] = []
    try format.read(input) { capture in
      exchanges.append(try CaptureFinisher().exchange(of: capture, format: name).exchange)
    }
    return exchanges
  }

  @Test("A format loses what it says, and nothing else", arguments: ["json", "har", "vcr"])
  func losses(name: String) throws {
    let format = try #require(ExportFormats.named(name))
    for seed in UInt64(0)..<150 {
      var random = RandomExchange(seed: seed)
      let exchanges = random.some().filter { format.refusal(of: $0) == nil }
      let bytes = try Self.exported(exchanges, format)
      let back = try Self.imported(bytes, name == "vcr" ? "vcrpy" : name)
      try #require(back.count == exchanges.count, "seed \(seed)")
      for (exchange, again) in zip(exchanges, back) {
        let lost = ExchangePart.differing(exchange, again)
        let said = try #require(format.lostParts(of: exchange))
        #expect(lost == said, "seed \(seed)")
      }
    }
  }

  @Test("The JSON document holds everything")
  func documentIsWhole() throws {
    for seed in UInt64(0)..<150 {
      var random = RandomExchange(seed: seed)
      let exchanges = random.some()
      #expect(
        try Self.imported(Self.exported(exchanges, DocumentExport()), "json") == exchanges)
    }
  }

  @Test("An event stream comes back as it was, with all that it loses named")
  func eventStream() throws {
    for seed in UInt64(0)..<150 {
      var random = RandomExchange(seed: seed)
      for exchange in random.some()
      where exchange.head != nil && exchange.body.starts(with: "event:".utf8) {
        let back = try #require(
          try Self.imported(Self.exported([exchange], StreamExport()), "sse").first)
        #expect(ExchangePart.differing(exchange, back) == StreamExport().lostParts(of: exchange))
        #expect(!ExchangePart.differing(exchange, back).contains(.body))
      }
    }
  }

  @Test("What has no answer has no place in formats of answers")
  func refusals() {
    let exchange = Exchange(
      request: RecordedRequest(id: "1", at: "2026-11-22T11:00:00Z", method: "GET", path: "/"),
      ending: Ending(how: .unreachable, stage: .dns))
    for name in ["sse", "vcr", "asciicast", "aimock"] {
      #expect(ExportFormats.named(name)?.refusal(of: exchange) != nil)
    }
    for name in ["har", "json", "perfetto"] {
      #expect(ExportFormats.named(name)?.refusal(of: exchange) == nil)
    }
  }

  @Test("Formats have names of their own, a title and an ending")
  func registry() {
    let names = ExportFormats.all.map(\.name)
    #expect(names == ["sse", "har", "vcr", "json", "asciicast", "perfetto", "aimock"])
    #expect(ExportFormats.all.allSatisfy { !$0.title.isEmpty && !$0.fileExtension.isEmpty })
    #expect(ExportFormats.named("xml") == nil)
  }
}
