internal import Libc

/// A pipe that ends the wait of the thread which polls its reading end.
struct WakePipe: ~Copyable {
  /// Polled by the thread.
  let reading: Int32
  /// Written to by others.
  let writing: Int32

  init() throws(RecordingError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system("refused a pipe") }
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
  static func wake(_ writing: Int32) {
    var byte: UInt8 = 1
    write(writing, &byte, 1)
  }

  /// Takes what woke the thread.
  func drain() {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { bytes in
      while read(reading, bytes.baseAddress, bytes.count) == bytes.count {}
    }
  }
}
