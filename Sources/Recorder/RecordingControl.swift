/// Steers one recording from any thread; once it is over, every call is harmless.
///
/// Letting go of it leaves the recording as it is.
public struct RecordingControl: Sendable {
  /// What is asked of the recorder's thread for one transfer.
  enum Action {
    case cancel(reason: String), pause, resume
  }

  let number: UInt64
  let thread: CurlThread

  /// Ends the transfer with `cancelled`.
  public func cancel() { cancel(because: "the recording was cancelled") }

  /// Ends the transfer with `cancelled`.
  ///
  /// - Parameter reason: What the ending's detail says.
  public func cancel(because reason: String) { thread.send(.cancel(reason: reason), to: number) }

  /// Takes no more bytes from the connection, so that the server has to wait.
  ///
  /// What libcurl is just reading still comes, some 3.3 MB at most. Meanwhile no timeout runs but
  /// that of the whole recording. Over HTTP/2, where other streams share the connection, libcurl
  /// still takes into memory what its window allows: 32 MiB a stream for libcurl 7.88.
  public func pause() { thread.send(.pause, to: number) }

  /// Goes on with a transfer that was paused.
  ///
  /// A marker comes before the bytes that were held up, since their times are not the server's.
  public func resume() { thread.send(.resume, to: number) }
}
