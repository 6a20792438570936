internal import Dialects
internal import EventStream

/// The parser of one stream's events, and who follows what they mean; a stream whose bytes equal
/// its recording has none.
final class EventParsing {
  private var parser: EventStreamParser
  private var watch: EventWatch

  init(eventLimitBytes: Int, _ watch: EventWatch) {
    parser = EventStreamParser(eventLimitBytes: eventLimitBytes)
    self.watch = watch
  }

  /// The text as it was streamed, where the message is to be compared.
  var streamed: [UInt8] { watch.streamed }

  /// How many events were too long.
  var droppedEvents: Int { parser.droppedEvents }

  /// Takes the next bytes, and says of each event that they complete whether it brings content.
  func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ note: (Bool) -> Void) {
    parser.parse(bytes) { note(watch.take($0)) }
  }

  /// The message, as it stands behind the last event.
  func finish() -> MessageAccumulator { watch.finish() }
}
