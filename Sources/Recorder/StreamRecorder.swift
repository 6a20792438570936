/// Makes requests and tells, chunk by chunk, what came back and when.
///
/// libcurl runs on one thread of its own, which serves any number of recordings at once and never
/// waits for their readers.
///
/// ```swift
/// let recorder = try StreamRecorder()
/// for await event in try recorder.record(RecordingRequest(url: "https://example.com/")) { … }
/// ```
public final class StreamRecorder: Sendable {
  /// The program's name and version, as the `user-agent` and as `by` in a cassette.
  static let program = "tapedeck 0.1.0"
  static let product = "tapedeck/0.1.0"

  private let thread: CurlThread

  /// Starts the thread.
  ///
  /// - Throws: What the system refused.
  public init() throws(RecordingError) {
    thread = try CurlThread.start()
  }

  /// Makes a request.
  ///
  /// - Parameter request: What to ask, and when to give up.
  /// - Returns: What happens, up to an `ended`: whatever goes wrong with a valid request is an
  ///   ending.
  /// - Throws: What would keep the request from being sent as it stands.
  public func record(_ request: RecordingRequest) throws(RecordingError) -> RecordingEvents {
    try request.validate()
    let buffer = EventBuffer()
    let number = thread.start(request, into: buffer)
    // The recorder stays as long as somebody reads: its end is the end of its recordings.
    return RecordingEvents(
      buffer: buffer, cancellation: Cancellation { [self] in thread.cancel(number) })
  }

  /// Ends all recordings with `cancelled`, and the thread; later requests end so at once.
  public func shutdown() { thread.stop() }

  deinit { thread.stop() }
}
