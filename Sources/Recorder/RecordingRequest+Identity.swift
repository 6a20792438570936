public import Cassettes

extension RecordingRequest {
  /// The request as a cassette has it, made now and with an identity of its own.
  public func recordedNow() -> RecordedRequest {
    recorded(id: Recording.makeID(), at: MonotonicClock.timeOfDay())
  }
}
