import JSON
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
      .init("usage", .string(page.usage)),
      .init("place", .string(page.takes)),
      .init("summary", .string(page.summary)),
      .init("example", .string(page.example)),
      .init("outcome", page.expectation.map { .string($0.outcome.rawValue) } ?? .null),
      .init("why", page.expectation.map { .string($0.why) } ?? .null),
    ])
  }

  private static func contradiction(_ entry: Contradiction) -> JSONValue {
    .object([.init("between", .string(entry.summary)), .init("why", .string(entry.reason))])
  }
}
