internal import Libc
internal import Loading
internal import Threads
internal import Units

/// What one loop leaves behind.
struct LoopEnd: Sendable {
  var meter: LoadMeter
  /// From when the first measured stream was to begin until the last had ended.
  var span: (first: Int64, last: Int64)?
  var processorTime: Int64
}

/// The event loops of a run, each on a thread of its own.
struct LoopThreads: Sendable {
  let reports: [LoopReport]
  private let scene: LoadScene
  private let desk: OrderDesk
  private let stop: LoadStop

  init(_ scene: LoadScene, _ desk: OrderDesk, stop: LoadStop) {
    self.scene = scene
    self.desk = desk
    self.stop = stop
    reports = (0..<max(1, scene.options.threads)).map { _ in LoopReport() }
  }

  /// Runs the loops, and returns when all have ended.
  ///
  /// - Throws: `LoadError` where the system refuses one; the others end then.
  func run() async throws -> [LoopEnd] {
    try await withThrowingTaskGroup(of: LoopEnd.self) { group in
      for index in reports.indices {
        group.addTask {
          do {
            return try await runLoop(index)
          } catch {
            stop.set()
            throw LoadError(
              description: "the system refuses event loops: \(error): raise 'ulimit -n' or use "
                + "fewer --threads")
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func runLoop(_ index: Int) async throws -> LoopEnd {
    try await withCheckedThrowingContinuation { continuation in
      let code = SystemThread.start(name: "load-loop-\(index)") {
        continuation.resume(with: Result { try loop(index) })
      }
      if code != 0 { continuation.resume(throwing: SystemError(code)) }
    }
  }

  private func loop(_ index: Int) throws -> LoopEnd {
    let loop = try LoadLoop(
      scene, desk, share: LoadLoop.Share(index: index, count: reports.count), stop: stop,
      report: reports[index])
    loop.run()
    return LoopEnd(
      meter: loop.meter, span: loop.span, processorTime: Self.processorTime)
  }

  private static var processorTime: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
