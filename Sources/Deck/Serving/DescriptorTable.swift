internal import Libc

/// The kernel's table of what this process has open.
enum DescriptorTable {
  /// Makes room for so many descriptors, where the limit of the process lets it.
  ///
  /// Linux doubles the table when it is full, and in a process with threads it waits until no processor
  /// can still be looking at the old one: whoever opens the descriptor that no longer fits, be it a client
  /// that is accepted, waits for 10 to 20 ms. That is better had before there are clients.
  static func makeRoom(for count: Int) {
    guard let last = CInt(exactly: count - 1) else { return }
    let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, last)
    if descriptor >= 0 { close(descriptor) }
  }
}
