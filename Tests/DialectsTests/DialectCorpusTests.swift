import Dialects
import LosslessJSON
import Testing

@Suite("The dialects of recorded streams", .enabled(if: DialectCorpus.folder != nil))
struct DialectCorpusTests {
  private static let ofGeminiAndPlain = DialectCorpus.recordings.filter {
    ["gemini", "plain"].contains($0.dialect)
  }
  private static let ofOthers = DialectCorpus.recordings.filter {
    !["gemini", "plain"].contains($0.dialect)
  }

  @Test("there are streams of every dialect, most with a target")
  func some() {
    #expect(Set(DialectCorpus.recordings.map(\.dialect)).count == 5)
    #expect(DialectCorpus.recordings.filter { $0.target != nil }.count > 200)
  }

  private func expectFound(_ recording: DialectCorpus.Recording) {
    let events = recording.events
    #expect(!events.isEmpty)
    let alone = DialectEvidence(target: "", firstEvents: events)
    #expect(DialectCatalogue.standard.dialect(for: alone).name == recording.dialect)
    let whole = DialectEvidence(target: recording.target ?? "", firstEvents: events)
    #expect(DialectCatalogue.standard.dialect(for: whole).name == recording.dialect)
  }

  @Test(
    "Gemini is recognized, and what is plain is not taken for more", arguments: ofGeminiAndPlain)
  func geminiAndPlain(recording: DialectCorpus.Recording) {
    expectFound(recording)
  }

  @Test("Anthropic and OpenAI are recognized, by the events alone too", arguments: ofOthers)
  func others(recording: DialectCorpus.Recording) {
    expectFound(recording)
  }

  @Test(
    "a stream of Gemini is a whole message with nothing wrong",
    arguments: DialectCorpus.recordings.filter { $0.dialect == "gemini" })
  func gemini(recording: DialectCorpus.Recording) {
    var accumulator = MessageAccumulator(GeminiStream.dialect)
    let text = recording.events.flatMap { accumulator.take($0) }
    #expect(accumulator.log.problems.isEmpty)
    #expect(accumulator.log.unrecognized.isEmpty)
    #expect(accumulator.completeness == .complete)
    #expect(accumulator.stopReason == "STOP")
    #expect(accumulator.usage?["totalTokenCount"]?.integer != nil)
    #expect(accumulator.text == text)
  }
}
