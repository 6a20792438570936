internal import Libc

#if os(Linux)
  internal import CLinux
#endif

/// The processors that this program may use.
package enum Processors {
  /// How many there are, at least one: those that the system lets it run on, and no more than a
  /// container's quota of processor time comes to.
  package static let count: Int = {
    #if os(Linux)
      let usable = max(1, Int(tapedeck_usable_processors()))
      return max(1, min(usable, quota() ?? usable))
    #else
      return max(1, sysconf(_SC_NPROCESSORS_ONLN))
    #endif
  }()

  #if os(Linux)
    /// The quota of the control group, in whole processors, rounded up; nil where there is none.
    ///
    /// The file has two numbers, microseconds of processor time and of the period in which they may
    /// be used, or `max` for the first. (Linux, Documentation/admin-guide/cgroup-v2.rst, cpu.max)
    private static func quota() -> Int? {
      let descriptor = open("/sys/fs/cgroup/cpu.max", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      var bytes = [UInt8](repeating: 0, count: 64)
      let count = read(descriptor, &bytes, bytes.count)
      return quota(of: String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
    }

    /// What the text of that file comes to.
    static func quota(of text: String) -> Int? {
      let words = text.split { $0 == " " || $0 == "\n" }
      guard words.count == 2, let time = Int(words[0]), let period = Int(words[1]), time > 0,
        period > 0
      else { return nil }
      return (time - 1) / period + 1
    }
  #endif
}
