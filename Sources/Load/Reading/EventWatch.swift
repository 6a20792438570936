internal import Dialects
internal import EventStream
internal import LosslessJSON

/// Follows the events of a stream of which nothing is known before: finds out its dialect by the
/// first of them, and says of each whether the model says something in it.
struct EventWatch {
  private let target: String
  private var reader: EventRoleReader?
  /// The events that came before the dialect was known.
  private var first: [ServerSentEvent] = []

  /// - Parameters:
  ///   - target: what was asked for.
  ///   - dialect: what the events mean, where it is known.
  init(target: String, dialect: (any Dialect)?) {
    self.target = target
    reader = dialect.map { EventRoleReader($0) }
  }

  /// Takes the next event, and returns whether it brings content.
  mutating func take(_ event: ServerSentEvent) -> Bool {
    if reader != nil { return reader?.take(event).hasContent ?? false }
    first.append(event)
    let dialect = DialectCatalogue.standard.dialect(
      for: DialectEvidence(target: target, firstEvents: first))
    guard dialect.name != "plain" || first.count == DialectEvidence.eventLimit else {
      // Of a stream that nobody knows, everything but signs of life counts.
      return event.type != "ping"
    }
    return begin(dialect)
  }

  private mutating func begin(_ dialect: any Dialect) -> Bool {
    var reader = EventRoleReader(dialect)
    var hasContent = false
    for event in first { hasContent = reader.take(event).hasContent }
    first = []
    self.reader = reader
    return hasContent
  }

  /// The message, as it stands behind the last event.
  mutating func finish() -> MessageAccumulator {
    if reader == nil {
      _ = begin(
        DialectCatalogue.standard.dialect(
          for: DialectEvidence(target: target, firstEvents: first)))
    }
    return reader?.accumulator ?? MessageAccumulator(DialectCatalogue.standard.dialects[0])
  }
}

extension MessageAccumulator {
  /// The tokens of the answer, by whichever name its API has for them; nil where it says none.
  var outputTokens: Int? {
    guard let usage else { return nil }
    if let candidates = usage["candidatesTokenCount"]?.integer, candidates >= 0 {
      // Gemini counts what the model thinks apart.
      let sum = candidates.addingReportingOverflow(usage["thoughtsTokenCount"]?.integer ?? 0)
      return sum.overflow ? candidates : sum.partialValue
    }
    return ["output_tokens", "completion_tokens", "outputTokens", "eval_count"].lazy
      .compactMap { usage[$0]?.integer }.first { $0 >= 0 }
  }
}
