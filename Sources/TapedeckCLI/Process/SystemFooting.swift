import Libc
import Synchronization
import Threads

/// What a program with several threads needs of the system before it begins.
///
/// Where there are too few descriptors or threads, the libraries under it stop with a trap or wait
/// for ever; so it asks for as many as it will need at once, gives them back, and says what is
/// missing.
enum SystemFooting {
  /// The threads beside one a core: event loops have errors of their own, Dispatch and those that
  /// wait for a command or a name do not.
  private static let threads = 8

  /// Throws where the system would refuse what is needed.
  static func check() throws {
    _ = OpenFiles.raiseLimit()
    try checkDescriptors()
    try checkThreads()
  }

  private static func checkDescriptors() throws {
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    while opened.count < OpenFiles.reserve {
      let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        let reason = String(cString: strerror(errno))
        throw Failure(
          .unavailable,
          "\(OpenFiles.reserve) files must be open at once, and the system refuses number "
            + "\(opened.count + 1): \(reason): raise 'ulimit -n'")
      }
      opened.append(descriptor)
    }
  }

  private static func checkThreads() throws {
    let count = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) + threads
    let crowd = Crowd()
    let isBounded = isMemoryBounded
    try crowd.gate.withLock { _ in
      for number in 1...count {
        let code = SystemThread.start(name: "tapedeck-footing") { crowd.join() }
        guard code == 0 else {
          throw Failure(
            .unavailable,
            "\(count) threads are needed, and the system refuses number \(number): "
              + "\(String(cString: strerror(code))): raise 'ulimit -v' or 'ulimit -u'")
        }
        // Its memory is to be there before the next one asks.
        while isBounded, crowd.size.load(ordering: .acquiring) < number { sched_yield() }
      }
    }
  }

  /// Whether the address space has a limit; no limit is the highest number that a signed one holds,
  /// or higher.
  private static var isMemoryBounded: Bool {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    var limit = rlimit()
    return getrlimit(resource, &limit) != 0 || limit.rlim_cur < rlim_t(Int64.max)
  }

  /// Threads that each take the memory that a thread takes, and wait until they may end.
  private final class Crowd: Sendable {
    let gate = Mutex<[[UInt8]]>([])
    let size = Atomic<Int>(0)

    func join() {
      let memory = [UInt8](repeating: 0, count: 64)
      size.add(1, ordering: .releasing)
      gate.withLock { $0.append(memory) }
    }
  }
}

/// The number of files and sockets that the program may have open.
enum OpenFiles {
  /// What the program itself needs beside its connections.
  static let reserve = 32

  /// Raises the limit as far as the system lets us, and returns it.
  static func raiseLimit() -> Int? {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return nil }
    if limit.rlim_cur < limit.rlim_max {
      var raised = limit
      raised.rlim_cur = limit.rlim_max
      if setrlimit(resource, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
