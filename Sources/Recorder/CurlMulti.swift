internal import CCurl
internal import Threads

/// Owns libcurl's multi handle, and what it waits for.
struct CurlMulti: ~Copyable {
  /// How many connections are kept for later, those in use counted.
  private static let keptConnections = 256

  /// libcurl's global state, made once, before any handle.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let pointer: UnsafeMutableRawPointer
  private let sockets: CurlSockets
  private let pipe: WakePipe

  init() throws(RecordingError) {
    try Self.require()
    let sockets = CurlSockets(try SocketPoller())
    guard let pipe = WakePipe() else { throw .system("refused a pipe") }
    guard Self.isReady, let handle = curl_multi_init() else {
      throw RecordingError("libcurl could not be started", isUnavailable: true)
    }
    sockets.watch(pipe.reading)
    tapedeck_curl_set_multi_callbacks(
      handle, CurlSockets.onSocket, CurlSockets.onTimer,
      Unmanaged.passUnretained(sockets).toOpaque())
    tapedeck_curl_keep_connections(handle, Self.keptConnections)
    pointer = handle
    self.sockets = sockets
    self.pipe = pipe
  }

  /// Throws where there is no libcurl: it is loaded when it is first needed.
  static func require() throws(RecordingError) {
    guard let missing = tapedeck_curl_missing() else { return }
    throw RecordingError(
      "\(String(cString: missing)), and without it nothing can be recorded: install libcurl4",
      isUnavailable: true)
  }

  deinit { curl_multi_cleanup(pointer) }

  /// What other threads end a wait with, by `WakePipe.wake`.
  var wakeDescriptor: Int32 { pipe.writing }

  /// When something is to be done though no socket can do anything, in monotonic nanoseconds.
  var timer: Int64? { sockets.timer }

  func add(_ easy: borrowing CurlEasy) -> Bool {
    curl_multi_add_handle(pointer, easy.pointer) == CURLM_OK
  }

  func remove(_ easy: borrowing CurlEasy) { curl_multi_remove_handle(pointer, easy.pointer) }

  /// Waits until something can be done, the thread is woken, or the time is over.
  ///
  /// - Returns: The sockets that can do something.
  func wait(milliseconds: Int) -> [SocketPoller.Ready] {
    var ready = sockets.wait(milliseconds: Int32(clamping: milliseconds))
    if let index = ready.firstIndex(where: { $0.socket == pipe.reading }) {
      pipe.drain()
      ready.remove(at: index)
    }
    return ready
  }

  /// Does what a socket can do.
  func act(on ready: SocketPoller.Ready) { act(on: ready.socket, ready.readiness) }

  /// Does what is due by now, and tells whether there was something.
  func actOnTimer(now: Int64) -> Bool {
    guard sockets.takeTimer(now: now) else { return false }
    act(on: CURL_SOCKET_TIMEOUT, [])
    return true
  }

  private func act(on socket: Int32, _ readiness: SocketReadiness) {
    var running: Int32 = 0
    // The flags are libcurl's: CURL_CSELECT_IN is 1, CURL_CSELECT_OUT is 2.
    curl_multi_socket_action(pointer, socket, readiness.rawValue, &running)
  }

  /// The easy handle of a transfer that is over, and its code; nil where there is none.
  func takeFinished() -> (handle: UnsafeMutableRawPointer, code: CURLcode)? {
    var code = CURLE_OK
    return tapedeck_curl_take_finished(pointer, &code).map { ($0, code) }
  }
}
