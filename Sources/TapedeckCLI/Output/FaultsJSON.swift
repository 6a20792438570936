import LosslessJSON
import Planning

/// What machines read of the catalogue.
enum FaultsJSON {
  /// The whole of `faults --json`.
  static func page(_ pages: [FaultManual.Page]) -> JSONValue {
    .object([
      .init("version", .number(1)),
      .init("faults", .array(pages.map(fault))),
      .init("contradictions", .array(Contradiction.table.map(contradiction))),
    ])
  }

  private static func fault(_ page: FaultManual.Page) -> JSONValue {
    .object([
      .init("name", .string(page.name)),
      .init("kind", .string(page.kind.rawValue)),
      .init("layer", .string(page.layer.rawValue)),
      .init("usage", .string(page.usage)),
      .init("place", .string(page.takes)),
      .init("summary", .string(page.summary)),
      .init("example", .string(page.example)),
      .init("symptoms", .array(page.symptoms.map(symptom))),
      .init("outcome", page.expectation.map { .string($0.outcome.rawValue) } ?? .null),
      .init("why", page.expectation.map { .string($0.why) } ?? .null),
    ])
  }

  private static func symptom(_ symptom: FaultSymptom) -> JSONValue {
    .object([
      .init("what", .string(symptom.title)), .init("fault", .string(symptom.fault)),
      .init("words", .array(symptom.words.map(JSONValue.string))),
    ])
  }

  private static func contradiction(_ entry: Contradiction) -> JSONValue {
    .object([.init("between", .string(entry.summary)), .init("why", .string(entry.reason))])
  }
}
