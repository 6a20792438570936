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

  /// Throws where there is no libcurl, which is loaded when it is first needed.
  public static func checkLibcurl() throws(RecordingError) { try CurlMulti.require() }

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
    let buffer = EventBuffer()
    let control = try start(request) { buffer.add($0) }
    // The recorder stays as long as somebody reads: its end is the end of its recordings.
    return RecordingEvents(
      buffer: buffer,
      cancellation: Cancellation { [self] in withExtendedLifetime(self) { control.cancel() } })
  }

  /// Makes a request and calls back with what happens.
  ///
  /// The recorder must be kept until the end: without it the recording is cancelled.
  ///
  /// - Parameters:
  ///   - request: What to ask, and when to give up.
  ///   - onEvents: Called on the recorder's thread with one event or more, in order, `ended` last; every
  ///     other recording waits while it runs. Where the recorder was shut down it is called once, on the
  ///     calling thread, before this returns.
  /// - Returns: What steers the recording.
  /// - Throws: What would keep the request from being sent as it stands.
  public func start(
    _ request: RecordingRequest, onEvents: @escaping @Sendable ([RecordingEvent]) -> Void
  ) throws(RecordingError) -> RecordingControl {
    try request.validate()
    return RecordingControl(number: thread.start(request, onEvents: onEvents), thread: thread)
  }

  /// Ends all recordings with `cancelled`, and the thread; later requests end so at once.
  public func shutdown() { thread.stop() }

  deinit { thread.stop() }
}
