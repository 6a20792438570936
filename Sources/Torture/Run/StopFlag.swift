internal import Libc
internal import Synchronization

/// Whether a run is to end early.
package final class StopFlag: Sendable {
  private let flag = Atomic(false)
  private let number = Atomic<Int32>(0)
  private let writing: Int32

  /// A descriptor that can be read from once the flag is set, or -1 where the system refuses one.
  package let descriptor: Int32

  /// Creates a flag that is not set.
  package init() {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (descriptor, writing) = (ends[0], ends[1])
  }

  deinit {
    for end in [descriptor, writing] where end >= 0 { close(end) }
  }

  /// Whether it is set.
  package var isSet: Bool { flag.load(ordering: .relaxed) }

  /// The signal that asked for the end, or nil where none did.
  package var signal: Int32? {
    let number = number.load(ordering: .relaxed)
    return number > 0 ? number : nil
  }

  /// Sets it, for a signal that asks for an end; nobody takes it back.
  package func set(by signal: Int32) {
    number.store(signal, ordering: .relaxed)
    guard !flag.exchange(true, ordering: .relaxed) else { return }
    var byte: UInt8 = 1
    _ = write(writing, &byte, 1)
  }
}
