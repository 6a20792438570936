import EventStream
import LosslessJSON
import Testing

@testable import Dialects

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Every recorded stream of the two APIs, and of the servers that speak as they do.
@Suite struct OpenAICorpusTests {
  private static let corpus = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"]

  @Test("recorded streams are taken without a word", .enabled(if: corpus != nil))
  func recorded() throws {
    let root = try #require(Self.corpus)
    var counts: [String: Int] = [:]
    for folder in ["openai-chat", "openai-responses", "mistral", "other"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")
      for name in names.sorted() where name.hasSuffix(".sse") {
        let body = [UInt8](try Data(contentsOf: URL(filePath: "\(root)/\(folder)/\(name)")))
        let events = EventIndex(body: body, chunkEnds: [body.count]).events
        let dialect = DialectCatalogue.standard.dialect(
          for: DialectEvidence(target: "/", firstEvents: events))
        if folder != "other" { #expect(dialect.name.hasPrefix("openai-"), "\(folder)/\(name)") }
        counts[dialect.name, default: 0] += 1
        switch dialect.name {
        case "openai-chat": checkChat(events, name)
        case "openai-responses": checkResponses(events, name)
        default: break
        }
      }
    }
    #expect((counts["openai-chat"] ?? 0) > 100 && (counts["openai-responses"] ?? 0) > 40)
  }

  /// The text of each choice is that of its deltas, and only an error or a server that gives no
  /// reason leaves a message that is not whole.
  private func checkChat(_ events: [ServerSentEvent], _ name: String) {
    var message = MessageAccumulator(OpenAIChatDialect())
    var texts: [Int: [UInt8]] = [:]
    var (hasError, hasReason) = (false, false)
    for event in events {
      message.take(event)
      let chunk = try? JSONValue(parsing: event.data, nesting: 512)
      hasError = hasError || chunk?["error"] != nil
      for choice in hasError ? [] : chunk?["choices"]?.elements ?? [] {
        let text = Self.text(of: choice["delta"]?["content"])
        texts[choice["index"]?.integer ?? 0, default: []] += text
        hasReason = hasReason || choice["finish_reason"]?.text?.isEmpty == false
      }
    }
    for (place, choice) in (message.value("choices")?.elements ?? []).enumerated() {
      let text = Self.text(of: choice["message"]?["content"])
      #expect(text == texts[place] ?? [], "\(name)")
    }
    #expect((message.completeness == .complete) == (hasReason && !hasError), "\(name)")
    // Types and arguments that are null are odd, and no more.
    #expect(
      message.wrongs.allSatisfy { $0.contains("became null") || $0.contains("are null") },
      "\(name)")
  }

  /// The text of content, which may be a list of parts.
  private static func text(of content: JSONValue?) -> [UInt8] {
    content?.stringBytes ?? (content?.elements ?? []).flatMap { $0["text"]?.stringBytes ?? [] }
  }

  /// The message is the response that the last event carries, and the deltas gave its text.
  private func checkResponses(_ events: [ServerSentEvent], _ name: String) {
    let dialect = OpenAIResponsesDialect()
    var message = MessageAccumulator(dialect)
    var text: [UInt8] = []
    for event in events { text += message.take(event) }
    let last = events.last { dialect.isTerminal($0) }
    let data = last.flatMap { try? JSONValue(parsing: $0.data, nesting: 512) }
    #expect(message.message == data?["response"], "\(name)")
    #expect(message.completeness == .complete && message.wrongs.isEmpty, "\(name)")
    #expect(message.text == text, "\(name)")
  }
}
