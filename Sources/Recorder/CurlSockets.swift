internal import CCurl

/// What libcurl waits for: its sockets and its one timer.
///
/// It tells by calling back, on the recorder's thread.
final class CurlSockets {
  private var poller: SocketPoller

  /// When libcurl wants to be called though no socket can do anything, in monotonic nanoseconds.
  private(set) var timer: Int64?

  init(_ poller: consuming SocketPoller) { self.poller = poller }

  /// Has a socket that is not libcurl's told of too.
  func watch(_ socket: Int32) { poller.watch(socket, for: .read) }

  func wait(milliseconds: Int32) -> [SocketPoller.Ready] {
    poller.wait(milliseconds: milliseconds)
  }

  /// Takes the timer where its time has come.
  func takeTimer(now: Int64) -> Bool {
    guard let time = timer, time <= now else { return false }
    timer = nil
    return true
  }

  static let onSocket: curl_socket_callback = { _, socket, wish, context, _ in
    guard let context else { return 0 }
    let sockets = Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue()
    switch wish {
    case CURL_POLL_IN: sockets.poller.watch(socket, for: .read)
    case CURL_POLL_OUT: sockets.poller.watch(socket, for: .write)
    case CURL_POLL_INOUT: sockets.poller.watch(socket, for: [.read, .write])
    default: sockets.poller.forget(socket)
    }
    return 0
  }

  static let onTimer: curl_multi_timer_callback = { _, milliseconds, context in
    guard let context else { return 0 }
    let sockets = Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue()
    let wait = min(Int64(milliseconds), 1_000_000_000) * 1_000_000
    sockets.timer = milliseconds < 0 ? nil : MonotonicClock.nanoseconds() + wait
    return 0
  }
}
