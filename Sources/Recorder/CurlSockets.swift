internal import CCurl
internal import Sockets

/// What libcurl waits for: its sockets and its one timer.
///
/// It tells by calling back, on the recorder's thread.
final class CurlSockets {
  private let poller: Poller

  /// When libcurl wants to be called though no socket can do anything, in monotonic nanoseconds.
  private(set) var timer: Int64?

  init(_ poller: consuming Poller) { self.poller = poller }

  /// Has a socket that is not libcurl's told of too.
  func watch(_ socket: Int32) { watch(socket, for: .read) }

  private func watch(_ socket: Int32, for wish: Readiness) {
    _ = poller.watch(socket, for: wish, as: UInt64(UInt32(bitPattern: socket)))
  }

  /// A socket, and what it can do.
  typealias Ready = (socket: Int32, readiness: Readiness)

  /// Waits until a socket can be read or written, or the time is over.
  func wait(nanoseconds: Int64) -> [Ready] {
    (0..<poller.wait(nanoseconds: nanoseconds)).map { index in
      let (id, readiness) = poller[index]
      return (Int32(truncatingIfNeeded: id), readiness)
    }
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
    case CURL_POLL_IN: sockets.watch(socket, for: .read)
    case CURL_POLL_OUT: sockets.watch(socket, for: .write)
    case CURL_POLL_INOUT: sockets.watch(socket, for: [.read, .write])
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
