package import Cassettes
internal import Dialects
internal import EventStream
internal import LosslessJSON

/// Reads the text of a message out of its body, as it comes.
package struct TextReader: Sendable {
  private var parser = EventStreamParser()
  private var accumulator: MessageAccumulator
  private var hasText = false

  /// Whether the text comes with the bytes; a body of another format is read at once.
  private let isEventStream: Bool

  /// The first half of a surrogate pair, whose second has not come.
  private var openHalf: [UInt8] = []

  /// Creates a reader for the answers of an exchange.
  package init(of exchange: Exchange) {
    let reading = AnswerReading(of: exchange)
    isEventStream = reading.format == .eventStream
    accumulator = isEventStream ? MessageAccumulator(reading.dialect) : reading.accumulator
  }

  /// Takes the next bytes of the body and returns the text that they complete, as UTF-8.
  package mutating func text(of bytes: [UInt8]) -> [UInt8] {
    guard isEventStream else { return [] }
    var text = openHalf
    parser.parse(bytes) { event in text += accumulator.take(event) }
    hasText = hasText || !text.isEmpty
    let open = JSONString.openHalfLength(of: text)
    openHalf = Array(text.suffix(open))
    return JSONString.wellFormed(Array(text.dropLast(open))).text
  }

  /// What is left at the end, as UTF-8.
  ///
  /// It is half a character, or the whole text where none of it came as a difference: a Responses
  /// stream may have its terminal event alone, which holds the message.
  package var rest: [UInt8] {
    hasText ? JSONString.wellFormed(openHalf).text : accumulator.text
  }
}
