/// The events of one recording, as they happen.
///
/// Cancelling the task that reads them, or dropping them, cancels the transfer. They then go on to
/// their `ended` all the same, so that a recording is never left without its ending.
public struct RecordingEvents: AsyncSequence, Sendable {
  /// What is read.
  public typealias Element = RecordingEvent

  let buffer: EventBuffer
  let cancellation: Cancellation

  /// Ends the transfer with `cancelled`; does nothing once it is over.
  public func cancel() { cancellation.cancel() }

  /// Starts to read: one reader only gets all events.
  public func makeAsyncIterator() -> Iterator {
    Iterator(buffer: buffer, cancellation: cancellation)
  }

  /// Reads the events of one recording.
  public struct Iterator: AsyncIteratorProtocol {
    private let buffer: EventBuffer
    private let cancellation: Cancellation
    private var batch: ArraySlice<RecordingEvent> = []

    init(buffer: EventBuffer, cancellation: Cancellation) {
      self.buffer = buffer
      self.cancellation = cancellation
    }

    /// The next event, or nil after `ended`.
    public mutating func next() async -> RecordingEvent? {
      if batch.isEmpty { batch = await nextBatch()[...] }
      return batch.popFirst()
    }

    private func nextBatch() async -> [RecordingEvent] {
      let cancellation = cancellation
      return await withTaskCancellationHandler {
        await buffer.next()
      } onCancel: {
        cancellation.cancel()
      }
    }
  }
}

/// Cancels one transfer, at the latest when nobody holds it any more.
final class Cancellation: Sendable {
  private let action: @Sendable () -> Void

  init(_ action: @escaping @Sendable () -> Void) { self.action = action }

  func cancel() { action() }

  deinit { action() }
}
