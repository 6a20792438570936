internal import Cassettes
internal import Synchronization

/// Makes requests and tells, chunk by chunk, what came back and when.
///
/// libcurl runs on threads of its own, each of which serves any number of recordings at once and
/// never waits for their readers. There is one until it has much to do.
///
/// ```swift
/// let recorder = try StreamRecorder()
/// for await event in try recorder.record(RecordingRequest(url: "https://example.com/")) { … }
/// ```
public final class StreamRecorder: Sendable {
  /// The program's name and version, as the `user-agent` and as `by` in a cassette.
  static let program = "tapedeck \(TapedeckVersion.current)"
  static let product = "tapedeck/\(TapedeckVersion.current)"

  private let first: CurlThread
  private let others = Mutex(Others())
  private let maxThreads: Int
  /// From how many transfers on the next ones go to another thread.
  ///
  /// Below it all share one, and with it the connections that are kept.
  private static let busyTransfers = 8

  private struct Others {
    var threads: [CurlThread] = []
    var isShutDown = false
  }

  /// Throws where there is no libcurl, which is loaded when it is first needed.
  public static func checkLibcurl() throws(RecordingError) { try CurlMulti.require() }

  /// Starts the first thread.
  ///
  /// - Parameter maxThreads: How many threads there may be, at least one.
  /// - Throws: What the system refused.
  public init(maxThreads: Int = 1) throws(RecordingError) {
    self.maxThreads = max(1, maxThreads)
    first = try CurlThread.start()
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
  ///   - onEvents: Called on a thread of the recorder with one event or more, in order, `ended`
  ///     last; every other recording of that thread waits while it runs. Where the recorder was
  ///     shut down it is called once, on the calling thread, before this returns.
  /// - Returns: What steers the recording.
  /// - Throws: What would keep the request from being sent as it stands.
  public func start(
    _ request: RecordingRequest, onEvents: @escaping @Sendable ([RecordingEvent]) -> Void
  ) throws(RecordingError) -> RecordingControl {
    try request.validate()
    // Outside of the lock, since a thread that was stopped calls back at once.
    let thread = others.withLock { leastBusy(with: &$0) }
    return RecordingControl(number: thread.start(request, onEvents: onEvents), thread: thread)
  }

  /// The first thread that has time; else a new one, or where there may be none the least busy.
  private func leastBusy(with others: inout Others) -> CurlThread {
    // What a stopped thread counts says nothing.
    guard !others.isShutDown else { return first }
    var leastBusy = (first, first.transfers)
    for thread in others.threads where leastBusy.1 >= Self.busyTransfers {
      let transfers = thread.transfers
      if transfers < leastBusy.1 { leastBusy = (thread, transfers) }
    }
    guard leastBusy.1 >= Self.busyTransfers, others.threads.count + 1 < maxThreads,
      let another = try? CurlThread.start()
    else { return leastBusy.0 }
    others.threads.append(another)
    return another
  }

  /// Ends all recordings with `cancelled`, and the threads; later requests end so at once.
  public func shutdown() {
    first.stop()
    others.withLock { others in
      others.isShutDown = true
      others.threads.forEach { $0.stop() }
    }
  }

  deinit { shutdown() }
}
