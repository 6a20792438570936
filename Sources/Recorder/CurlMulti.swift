internal import CCurl
internal import Libc
internal import Sockets
internal import Threads
internal import Units

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
    let sockets = CurlSockets(try Self.poller())
    guard let pipe = WakePipe() else {
      throw RecordingError("the system refused a pipe: \(SystemError(errno))")
    }
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

  /// What libcurl calls what a socket can do: CURL_CSELECT_IN and CURL_CSELECT_OUT.
  private static let readable: Int32 = 1
  private static let writable: Int32 = 2

  /// How many sockets one wait tells of at most.
  private static let batch = 256

  private static func poller() throws(RecordingError) -> Poller {
    do {
      return try Poller(batch: batch)
    } catch {
      throw RecordingError("the system refused to watch sockets: \(error)")
    }
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
  func wait(nanoseconds: Int64) -> [CurlSockets.Ready] {
    var ready = sockets.wait(nanoseconds: nanoseconds)
    if let index = ready.firstIndex(where: { $0.socket == pipe.reading }) {
      pipe.drain()
      ready.remove(at: index)
    }
    return ready
  }

  /// Does what a socket can do.
  func act(on ready: CurlSockets.Ready) { act(on: ready.socket, ready.readiness) }

  /// Does what is due by now, and tells whether there was something.
  func actOnTimer(now: Int64) -> Bool {
    guard sockets.takeTimer(now: now) else { return false }
    act(on: CURL_SOCKET_TIMEOUT, [])
    return true
  }

  private func act(on socket: Int32, _ readiness: Readiness) {
    var running: Int32 = 0
    // Both ways where it is broken, so that whatever libcurl is about finds the error itself.
    let isBroken = !readiness.isDisjoint(with: [.hangUp, .failure])
    let reads = isBroken || readiness.contains(.read) ? Self.readable : 0
    let writes = isBroken || readiness.contains(.write) ? Self.writable : 0
    curl_multi_socket_action(pointer, socket, reads | writes, &running)
  }

  /// The easy handle of a transfer that is over, and its code; nil where there is none.
  func takeFinished() -> (handle: UnsafeMutableRawPointer, code: CURLcode)? {
    var code = CURLE_OK
    return tapedeck_curl_take_finished(pointer, &code).map { ($0, code) }
  }
}
