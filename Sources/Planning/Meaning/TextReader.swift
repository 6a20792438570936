public import Cassettes
internal import Dialects
internal import EventStream

/// Reads the text of a message out of its body, as it comes.
public struct TextReader: Sendable {
  private var parser = EventStreamParser()
  private var accumulator: MessageAccumulator
  private var hasText = false

  /// Creates a reader for the answers of an exchange.
  public init(of exchange: Exchange) {
    let index = EventIndex(body: exchange.body, chunkEnds: [])
    let events = exchange.isEventStream ? index.events : []
    let evidence = DialectEvidence(of: exchange, events: events)
    accumulator = MessageAccumulator(DialectCatalogue.standard.dialect(for: evidence))
  }

  /// Takes the next bytes of the body and returns the text that they complete, as UTF-8.
  public mutating func text(of bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    parser.parse(bytes) { event in text += accumulator.take(event) }
    hasText = hasText || !text.isEmpty
    return text
  }

  /// The whole text where none of it came as a difference, as UTF-8: a Responses stream may have its
  /// terminal event alone, which holds the message.
  public var rest: [UInt8] { hasText ? [] : accumulator.text }
}
