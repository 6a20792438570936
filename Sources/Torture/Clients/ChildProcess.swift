internal import Libc
internal import Units

#if os(Linux)
  internal import CLinux
#endif

/// A process of its own group, with pipes to its outputs, that does not outlive its owner.
///
/// What it starts is of its group too, and ends with it, unless it leaves the group.
struct ChildProcess: ~Copyable {
  /// How a process ended.
  enum Status: Hashable {
    case exited(Int32)
    case signaled(Int32)
  }

  /// Its id, which is that of its group too.
  let id: pid_t

  /// Where its standard output can be read, without waiting.
  let output: Int32

  /// Where its standard error can be read, without waiting.
  let error: Int32

  /// Where its standard input can be written to, without waiting; -1 where it has none.
  let input: Int32

  /// Can be read from once it has ended; -1 where the system has no such thing.
  let exit: Int32

  private var status: Status?

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - words: The program, which is looked for as a shell does, and its arguments.
  ///   - environment: All its variables, as `NAME=value`.
  ///   - takesInput: Whether something is written to its standard input; else that is empty.
  /// - Throws: what the system says.
  init(_ words: [String], environment: [String], takesInput: Bool) throws(SystemError) {
    let output = try Pipe()
    let error = try Pipe()
    let input = try takesInput ? Pipe() : Pipe.none
    id = try Self.spawn(
      words, environment, output: output.writing, error: error.writing, input: input.reading)
    self.output = output.takeReading()
    self.error = error.takeReading()
    self.input = input.takeWriting()
    for descriptor in [self.output, self.error, self.input] where descriptor >= 0 {
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }
    #if os(Linux)
      exit = tapedeck_process_descriptor(id)
    #else
      exit = -1
    #endif
  }

  deinit {
    if status == nil {
      _ = kill(-id, SIGKILL)
      var word: Int32 = 0
      while waitpid(id, &word, 0) < 0, errno == EINTR {}
    }
    for descriptor in [output, error, input, exit] where descriptor >= 0 { close(descriptor) }
  }

  /// How it ended, or nil while it runs; with it ends all of its group.
  mutating func ended() -> Status? {
    if let status { return status }
    guard hasEnded else { return nil }
    // As long as nobody has waited for it, no other process can have its id.
    signal(SIGKILL)
    var word: Int32 = 0
    guard waitpid(id, &word, WNOHANG) == id else { return nil }
    status = Self.status(of: word)
    return status
  }

  /// Whether it has ended, which nobody takes note of by asking.
  private var hasEnded: Bool {
    var info = siginfo_t()
    guard waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return false }
    #if os(Linux)
      return tapedeck_signal_sender(&info) == id
    #else
      return info.si_pid == id
    #endif
  }

  /// Sends a signal to it and to all of its group, unless it has ended.
  func signal(_ number: Int32) {
    if status == nil { _ = kill(-id, number) }
  }

  /// What the word of `waitpid` says. (POSIX.1-2017, sys_wait.h)
  private static func status(of word: Int32) -> Status {
    let signal = word & 0x7f
    return signal == 0 ? .exited(word >> 8 & 0xff) : .signaled(signal)
  }

  private static func spawn(
    _ words: [String], _ environment: [String], output: Int32, error: Int32, input: Int32
  ) throws(SystemError) -> pid_t {
    var actions = FileActions()
    defer { actions.destroy() }
    if input >= 0 {
      actions.copy(input, to: STDIN_FILENO)
    } else {
      actions.open("/dev/null", as: STDIN_FILENO)
    }
    actions.copy(output, to: STDOUT_FILENO)
    actions.copy(error, to: STDERR_FILENO)
    var attributes = SpawnAttributes()
    defer { attributes.destroy() }
    var id: pid_t = 0
    let code = withStrings(words) { words in
      withStrings(environment) { environment in
        words.first.flatMap { $0 }.map { name in
          posix_spawnp(&id, name, &actions.value, &attributes.value, words, environment)
        } ?? EINVAL
      }
    }
    guard code == 0 else { throw SystemError(code) }
    return id
  }

  /// Calls a body with strings as C has them, ended by a null pointer.
  private static func withStrings<Value>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
  ) -> Value {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
  }
}

/// A pipe that closes what nobody takes of it, and that no other child inherits.
private struct Pipe: ~Copyable {
  private(set) var reading: Int32
  private(set) var writing: Int32

  init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    #if os(Linux)
      guard tapedeck_pipe(&ends) == 0 else { throw SystemError(errno) }
    #else
      guard pipe(&ends) == 0 else { throw SystemError(errno) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #endif
    self.init(reading: ends[0], writing: ends[1])
  }

  private init(reading: Int32, writing: Int32) {
    self.reading = reading
    self.writing = writing
  }

  /// No pipe.
  static var none: Pipe { Pipe(reading: -1, writing: -1) }

  deinit {
    for end in [reading, writing] where end >= 0 { close(end) }
  }

  /// Hands over the end that is read from; the other is closed.
  consuming func takeReading() -> Int32 {
    let end = reading
    reading = -1
    return end
  }

  /// Hands over the end that is written to; the other is closed.
  consuming func takeWriting() -> Int32 {
    let end = writing
    writing = -1
    return end
  }
}

/// What a child does with descriptors before its program begins.
private struct FileActions {
  #if canImport(Darwin)
    var value: posix_spawn_file_actions_t?
  #else
    var value = posix_spawn_file_actions_t()
  #endif

  init() { posix_spawn_file_actions_init(&value) }

  mutating func destroy() { posix_spawn_file_actions_destroy(&value) }

  mutating func copy(_ descriptor: Int32, to number: Int32) {
    posix_spawn_file_actions_adddup2(&value, descriptor, number)
  }

  mutating func open(_ path: String, as number: Int32) {
    posix_spawn_file_actions_addopen(&value, number, path, O_RDONLY, 0)
  }
}

/// A child's group, which is its own, and its signals, which are those of a new program.
private struct SpawnAttributes {
  #if canImport(Darwin)
    var value: posix_spawnattr_t?
  #else
    var value = posix_spawnattr_t()
  #endif

  init() {
    posix_spawnattr_init(&value)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&value, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&value, &all)
    posix_spawnattr_setpgroup(&value, 0)
    var flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    #if canImport(Darwin)
      flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
    #endif
    posix_spawnattr_setflags(&value, Int16(flags))
  }

  mutating func destroy() { posix_spawnattr_destroy(&value) }
}
