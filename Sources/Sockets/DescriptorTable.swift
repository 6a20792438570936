internal import Libc

/// The kernel's table of what this process has open.
package enum DescriptorTable {
  /// Makes room for so many descriptors, where the limit of the process lets it.
  ///
  /// Linux doubles the table when it is full, and in a process with threads it waits until no
  /// processor can still be looking at the old one: whoever opens the descriptor that no longer
  /// fits, be it a client that is accepted, waits for 10 to 20 ms. That is better had before there
  /// are clients.
  ///
  /// A descriptor takes up 8 bytes there, used or not, so no room is made for more than 131,072.
  package static func makeRoom(for count: Int) {
    let room = CInt(clamping: min(max(1, count), 1 << 17))
    let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, room - 1)
    if descriptor >= 0 { close(descriptor) }
  }
}
