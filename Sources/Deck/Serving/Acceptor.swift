internal import Libc
internal import NIOCore
internal import NIOPosix

/// Accepts connections on a thread of its own, and hands each to the next event loop.
///
/// The loops are busy with streams: accepting on one of them would hold up both its streams and the
/// clients that wait.
final class Acceptor: Sendable {
  private let listener: Listener
  /// What is written to the one end wakes the thread that waits at the other.
  private let stop: (read: Int32, write: Int32)

  /// How long to wait for somebody to leave where there is no descriptor left: a listener with a
  /// connection that cannot be accepted stays readable.
  private static let pauseMilliseconds: Int32 = 50

  /// How often that is said at the most.
  private static let silence = TimeAmount.seconds(60)

  init(_ listener: Listener) throws {
    self.listener = listener
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw IOError(errnoCode: errno, reason: "pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    stop = (ends[0], ends[1])
  }

  deinit {
    close(stop.read)
    close(stop.write)
  }

  /// The port on which clients are accepted.
  var port: Int { listener.port }

  /// Lets `run` return.
  func end() {
    var byte: UInt8 = 0
    _ = write(stop.write, &byte, 1)
  }

  /// Accepts until told to end; blocks its thread meanwhile.
  ///
  /// - Parameters:
  ///   - scenes: what takes the connections, in turn.
  ///   - onWarning: told when clients have to wait since no descriptor is left.
  func run(_ scenes: Scenes, onWarning: (String) -> Void) {
    var turn = 0
    var silentUntil = NIODeadline.uptimeNanoseconds(0)
    while true {
      switch listener.accept() {
      case .connection(let descriptor):
        scenes.take(descriptor, turn: turn)
        turn = (turn + 1) & 0xFFFF_FFFF
      case .none:
        if waits(forClients: true) { return }
      case .exhausted(let code):
        if NIODeadline.now() >= silentUntil {
          onWarning(
            "no more clients can be accepted (\(String(cString: strerror(code)))): they wait until "
              + "others leave; a higher 'ulimit -n' lets in more")
        }
        silentUntil = .now() + Self.silence
        if waits(forClients: false) { return }
      }
    }
  }

  /// Waits for clients, or for a moment, and returns whether it is told to end.
  private func waits(forClients: Bool) -> Bool {
    var wanted = [
      pollfd(fd: stop.read, events: Int16(POLLIN), revents: 0),
      pollfd(fd: forClients ? listener.descriptor : -1, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&wanted, nfds_t(wanted.count), forClients ? -1 : Self.pauseMilliseconds)
    return wanted[0].revents != 0
  }
}
