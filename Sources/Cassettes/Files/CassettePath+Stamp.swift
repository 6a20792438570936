internal import Libc

extension CassettePath {
  /// What changes with a file's content: when it was written, how long it is, and which file it is.
  package struct Stamp: Hashable, Sendable {
    /// How long the file is.
    package let sizeBytes: Int64

    private let seconds: Int64
    private let nanoseconds: Int64
    private let inode: UInt64

    /// The stamp of the file at a path, or nil where there is none.
    package init?(of path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      #if canImport(Darwin)
        let written = status.st_mtimespec
      #else
        let written = status.st_mtim
      #endif
      seconds = Int64(written.tv_sec)
      nanoseconds = Int64(written.tv_nsec)
      sizeBytes = Int64(status.st_size)
      inode = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }
}
