public import Cassettes

extension RecordingRequest {
  /// The request as a cassette has it, made now and with an identity of its own.
  public func recordedNow() -> RecordedRequest {
    recorded(id: Recording.makeID(), at: MonotonicClock.timeOfDay())
  }

  /// The request as a cassette has it, before it was sent.
  public func recorded(id: String, at: String) -> RecordedRequest {
    var recorded = RecordedRequest(
      id: id, at: at, by: StreamRecorder.program, method: method, url: sentURL,
      headers: sentHeaders, body: method == "HEAD" ? [] : body)
    recorded.path = recorded.target
    return recorded
  }
}
