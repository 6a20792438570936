public import Cassettes
internal import EventStream

/// How far a recording has come.
public struct RecordingProgress: Sendable {
  /// The events of an event stream that have come whole.
  public private(set) var events = 0

  /// The bytes of the body that have come.
  public private(set) var bytes = 0

  /// When the last thing happened, counted from the request.
  public private(set) var elapsed = Microseconds.zero

  /// When the answer's head was there, or nil.
  public private(set) var timeToFirstByte: Microseconds?

  private var parser = EventStreamParser()

  /// Takes note of what happened.
  mutating func note(_ event: RecordingEvent, isEventStream: Bool) {
    switch event {
    case .sent: break
    case .head(let head):
      elapsed = head.at
      timeToFirstByte = head.at
    case .chunk(let chunk, let time):
      elapsed = time
      bytes += chunk.count
      if isEventStream { parser.parse(chunk) { _ in events += 1 } }
    case .trailers(let trailers): elapsed = trailers.at
    case .tick(let time), .marker(_, let time): elapsed = time
    case .ended(let ending, _): elapsed = ending.at
    }
  }
}
