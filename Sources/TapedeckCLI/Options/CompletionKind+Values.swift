import ArgumentParser
import Planning

/// What shells offer for the values that several verbs take.
extension CompletionKind {
  /// A cassette, or a folder on the way to one.
  static var cassette: CompletionKind { .file(extensions: ["tape"]) }

  /// The name of a fault; what it takes stands behind it.
  static var fault: CompletionKind { .list(FaultCatalogue.standard.types.map { $0.name }) }

  /// One of the values of a choice.
  static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _: Choice.Type, and others: [String] = []
  ) -> CompletionKind {
    .list(Choice.allCases.map(\.rawValue) + others)
  }
}
