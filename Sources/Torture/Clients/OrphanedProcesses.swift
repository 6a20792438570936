internal import Libc

#if os(Linux)
  internal import CLinux
#endif

/// Processes whose parent has ended without them, and that left its group: on Linux they can be
/// found.
package enum OrphanedProcesses {
  /// Makes this process the parent of what its children leave behind.
  package static func adopt() {
    #if os(Linux)
      tapedeck_adopt_orphans()
    #endif
  }

  /// Ends every child that is left, and what they leave behind in turn.
  ///
  /// Only for a program that has no other children.
  package static func end() {
    #if os(Linux)
      // One that ends leaves its own children here, so that there may be several generations.
      for _ in 0..<32 {
        let children = Self.children
        guard !children.isEmpty else { return }
        for child in children {
          kill(child, SIGKILL)
          var word: Int32 = 0
          while waitpid(child, &word, 0) < 0, errno == EINTR {}
        }
      }
    #endif
  }

  #if os(Linux)
    /// The processes whose parent this one is. (proc_pid_stat(5), fields 1, 2 and 4)
    private static var children: [pid_t] {
      guard let folder = opendir("/proc") else { return [] }
      defer { closedir(folder) }
      let own = getpid()
      var found: [pid_t] = []
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard let id = pid_t(name), parent(of: id) == own else { continue }
        found.append(id)
      }
      return found
    }

    private static func parent(of id: pid_t) -> pid_t? {
      let file = open("/proc/\(id)/stat", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return nil }
      defer { close(file) }
      var bytes = [UInt8](repeating: 0, count: 512)
      let count = read(file, &bytes, bytes.count)
      let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      // The name stands in parentheses and may hold anything, parentheses included.
      guard let end = text.lastIndex(of: ")") else { return nil }
      let words = text[text.index(after: end)...].split(separator: " ")
      return words.count > 1 ? pid_t(words[1]) : nil
    }
  #endif
}
