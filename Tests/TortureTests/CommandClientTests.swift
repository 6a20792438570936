import Cassettes
import Judging
import Libc
import TestSupport
import Testing
import Units

@testable import Torture

@Suite("A client that is a command")
struct CommandClientTests {
  /// Lets a shell do a case that may take so long.
  static func visit(
    _ script: String, within limit: Duration = .seconds(20), limitBytes: Int = 1 << 20
  ) async throws -> ClientAccount {
    try await blocking {
      try CommandClient(["sh", "-c", script], limitBytes: limitBytes) { [("BASE", $0)] }
        .visit(
          ClientVisit(
            baseURL: "http://127.0.0.1:1/~session=t", caseID: "cut/x", outcomeURL: "http://o",
            request: RecordedRequest(id: "", at: "", method: "POST"),
            clock: CaseClock(until: .now() + limit)))
    }
  }

  @Test("delivers what it prints, and believes what its exit code says")
  func printed() async throws {
    let whole = try await Self.visit("printf 'a b'; echo problem >&2")
    #expect(
      whole.delivered == Delivered(text: Array("a b".utf8), claim: .complete, end: .exited(0)))
    #expect(whole.marks.last?.bytes == 3)
    let failed = try await Self.visit("printf half; echo first >&2; echo why >&2; exit 7")
    #expect(
      failed.delivered
        == Delivered(text: Array("half".utf8), claim: .error, error: "why", end: .exited(7)))
  }

  @Test("finds the base URL, its case and the place for its outcome in the environment")
  func variables() async throws {
    let account = try await Self.visit(
      "printf '%s %s %s' \"$BASE\" \"$TAPEDECK_CASE\" \"$TAPEDECK_OUTCOME_URL\"")
    #expect(
      String(decoding: account.delivered.text, as: UTF8.self)
        == "http://127.0.0.1:1/~session=t cut/x http://o")
  }

  @Test("is ended by a signal")
  func signaled() async throws {
    #expect(try await Self.visit("kill -SEGV $$").delivered.end == .signaled(SIGSEGV))
  }

  @Test(
    "is ended with all of its group when its time is up, however it resists",
    arguments: [
      "sleep 100", "trap '' TERM; while :; do sleep 1; done", "exec >&- 2>&-; sleep 100",
      "sleep 100 & sleep 100", "trap '' TERM; sleep 100 & wait; sleep 100",
    ])
  func ended(script: String) async throws {
    let account = try await Self.visit("echo $$; \(script)", within: .milliseconds(300))
    #expect(account.delivered.end == .timedOut)
    let id = String(decoding: account.delivered.text, as: UTF8.self).prefix { $0 != "\n" }
    let group = try #require(pid_t(id))
    try await expectNothing { runs($0, inGroup: group) }
  }

  @Test("leaves no child behind that it does not wait for")
  func children() async throws {
    let account = try await Self.visit("sleep 100 & printf $!")
    #expect(account.delivered.end == .exited(0))
    let child = try #require(pid_t(String(decoding: account.delivered.text, as: UTF8.self)))
    try await expectNothing { $0.id == child && $0.runs }
  }

  @Test("is heard to the limit, and no further")
  func much() async throws {
    let account = try await Self.visit("yes | head -c 50000000", limitBytes: 1000)
    #expect(account.delivered.text.count == 1000)
    #expect(account.delivered.isCut)
    #expect(account.delivered.end == .exited(0))
  }

  @Test("is one that exists")
  func missing() async throws {
    await #expect(throws: ClientError.self) {
      try await blocking {
        try CommandClient(["/nonesuch/client"], limitBytes: 10) { _ in [] }
          .visit(
            ClientVisit(
              baseURL: "", caseID: "", outcomeURL: "",
              request: RecordedRequest(id: "", at: "", method: "POST"),
              clock: CaseClock(until: .now() + .seconds(5))))
      }
    }
  }
}

/// What the system says of a process. (proc_pid_stat(5))
private struct Process {
  let id: pid_t
  let state: Substring
  let group: Substring

  /// Whether it has not ended: one that nobody waits for stays in the list.
  var runs: Bool { state != "Z" && state != "X" }

  init?(_ id: pid_t) {
    guard let file = fopen("/proc/\(id)/stat", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let end = text.lastIndex(of: ")") else { return nil }
    let words = text[text.index(after: end)...].split(separator: " ")
    guard words.count > 2 else { return nil }
    self.id = id
    state = words[0]
    group = words[2]
  }

  static var all: [Process] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [Process] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let id = pid_t(name), let process = Process(id) { found.append(process) }
    }
    return found
  }
}

private func runs(_ process: Process, inGroup group: pid_t) -> Bool {
  process.group == "\(group)" && process.runs
}

/// Waits until no process is like that: one that was killed is gone in a moment.
private func expectNothing(where isLike: @escaping @Sendable (Process) -> Bool) async throws {
  let left = try await blocking {
    let deadline = Instant.now() + .seconds(20)
    while Instant.now() < deadline {
      guard Process.all.contains(where: isLike) else { return 0 }
      usleep(1000)
    }
    return Process.all.count(where: isLike)
  }
  #expect(left == 0)
}
