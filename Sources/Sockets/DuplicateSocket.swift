internal import Libc

/// A socket under a second descriptor, so that it can be written to from any thread: the number
/// stays its own until this goes, whatever becomes of the first.
///
/// While it is there, closing the first descriptor neither ends nor resets the connection.
package struct DuplicateSocket: ~Copyable {
  private let descriptor: CInt

  /// Duplicates a descriptor, or is nil where there is none left.
  package init?(of original: CInt) {
    let descriptor = fcntl(original, F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Hands bytes to the kernel, and returns how many it took.
  ///
  /// Whatever is wrong with the socket, its channel finds out by writing the rest.
  package borrowing func send(_ bytes: [UInt8]) -> Int {
    max(0, bytes.withUnsafeBytes { Libc.send(descriptor, $0.baseAddress, $0.count, SendFlags.now) })
  }
}
