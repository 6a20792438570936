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
  /// Whether no event of the stream says that the message is over.
  private var isEndless = false
  private var contentEvents = 0
  /// The text as it was streamed, where the message is put together: the events at the end of some
  /// APIs say all of it once more, whatever became of the pieces.
  private(set) var streamed: [UInt8] = []
  /// The events that came before the dialect was known.
  private var first: [ServerSentEvent] = []

  /// - Parameters:
  ///   - target: what was asked for.
  ///   - dialect: what the events mean, where it is known.
  ///   - keepsMessage: whether the message is put together, to be compared.
  init(target: String, dialect: (any Dialect)?, keepsMessage: Bool) {
    self.target = target
    self.keepsMessage = keepsMessage
    if let dialect { take(dialect) }
  }

  /// Takes the next event, and returns whether it brings content.
  mutating func take(_ event: ServerSentEvent) -> Bool {
    guard reader == nil else { return read(event) }
    first.append(event)
    // Nobody's stream is looked through a few times only.
    guard first.count & (first.count - 1) == 0 else { return event.type != "ping" }
    let dialect = DialectCatalogue.standard.dialect(
      for: DialectEvidence(target: target, firstEvents: first))
    guard dialect.name != "plain" || first.count == DialectEvidence.eventLimit else {
      // Of a stream that nobody knows, everything but signs of life counts.
      return event.type != "ping"
    }
    return begin(dialect)
  }

  /// Reads an event; behind the second one with content, a look is enough for most, and of a
  /// stream that no event ends it always is.
  private mutating func read(_ event: ServerSentEvent) -> Bool {
    let seen = contentEvents > 1 || isEndless ? glance?.look(at: event) : nil
    if let seen, !keepsMessage { return seen }
    let hasContent = reader?.take(event).hasContent ?? false
    if hasContent { contentEvents += 1 }
    if keepsMessage, let brought = reader?.brought { streamed += brought }
    return seen ?? hasContent
  }

  private mutating func begin(_ dialect: any Dialect) -> Bool {
    take(dialect)
    let events = first
    first = []
    return events.map { read($0) }.last ?? false
  }

  private mutating func take(_ dialect: any Dialect) {
    reader = EventRoleReader(dialect)
    glance = ContentGlance(dialect)
    isEndless = !dialect.marksItsEnd
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
