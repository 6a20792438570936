internal import Dialects
internal import EventStream
internal import LosslessJSON

/// Follows the events of a stream of which nothing is known before: finds out its dialect by the
/// first of them, and says of each whether the model says something in it.
struct EventWatch {
  private let target: String
  /// Whether the message is put together; else, what is only more content is passed over.
  private let keepsMessage: Bool
  private var reader: EventRoleReader?
  private var glance: ContentGlance?
  private var contentEvents = 0
  /// The events that came before the dialect was known.
  private var first: [ServerSentEvent] = []

  /// - Parameters:
  ///   - target: what was asked for.
  ///   - dialect: what the events mean, where it is known.
  ///   - keepsMessage: whether the message is put together, to be compared.
  init(target: String, dialect: (any Dialect)?, keepsMessage: Bool) {
    self.target = target
    self.keepsMessage = keepsMessage
    guard let dialect else { return }
    reader = EventRoleReader(dialect)
    glance = ContentGlance(dialect)
  }

  /// Takes the next event, and returns whether it brings content.
  mutating func take(_ event: ServerSentEvent) -> Bool {
    guard reader == nil else { return read(event) }
    first.append(event)
    let dialect = DialectCatalogue.standard.dialect(
      for: DialectEvidence(target: target, firstEvents: first))
    guard dialect.name != "plain" || first.count == DialectEvidence.eventLimit else {
      // Of a stream that nobody knows, everything but signs of life counts.
      return event.type != "ping"
    }
    return begin(dialect)
  }

  /// Reads an event; behind the second one with content, a look is enough for most.
  private mutating func read(_ event: ServerSentEvent) -> Bool {
    if contentEvents > 1, !keepsMessage, let isContent = glance?.look(at: event) {
      return isContent
    }
    let hasContent = reader?.take(event).hasContent ?? false
    if hasContent { contentEvents += 1 }
    return hasContent
  }

  private mutating func begin(_ dialect: any Dialect) -> Bool {
    glance = ContentGlance(dialect)
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
