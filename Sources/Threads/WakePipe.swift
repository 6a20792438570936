internal import Libc

/// A pipe that ends the wait of the thread which polls its reading end.
package struct WakePipe: ~Copyable {
  /// Polled by the thread.
  package let reading: Int32
  /// Written to by others.
  package let writing: Int32

  /// Makes a pipe, or is nil where the system refuses one; `errno` says why.
  package init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    (reading, writing) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// Wakes the thread; where the pipe is full, it is about to wake.
  package static func wake(_ writing: Int32) {
    var byte: UInt8 = 1
    write(writing, &byte, 1)
  }

  /// Takes what woke the thread.
  package func drain() {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { bytes in
      while read(reading, bytes.baseAddress, bytes.count) == bytes.count {}
    }
  }
}
