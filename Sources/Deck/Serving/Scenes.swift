internal import Histogram
internal import NIOCore
internal import NIOPosix

/// The connection scenes of all event loops, each reachable only on its own.
struct Scenes: Sendable {
  private let scenes: [ObjectIdentifier: NIOLoopBound<ConnectionScene>]

  init(
    group: MultiThreadedEventLoopGroup, answerer: Answerer, limits: DeckLimits
  ) async throws {
    let count = ConnectionCount()
    var scenes: [ObjectIdentifier: NIOLoopBound<ConnectionScene>] = [:]
    for loop in group.makeIterator() {
      scenes[ObjectIdentifier(loop)] = try await loop.submit {
        NIOLoopBound(
          ConnectionScene(answerer: answerer, limits: limits, loop: loop, count: count),
          eventLoop: loop)
      }.get()
    }
    self.scenes = scenes
  }

  /// The scene of a loop; called on that loop.
  func scene(of loop: any EventLoop) -> ConnectionScene? {
    scenes[ObjectIdentifier(loop)]?.value
  }

  /// Lets every stream end, and ends by force what has not within the time.
  func drain(within patience: TimeAmount) async {
    let drained = scenes.values.map { scene in
      scene.eventLoop.flatSubmit { scene.value.connections.drain() }
    }
    let forced = scenes.values.map { scene in
      scene.eventLoop.scheduleTask(in: patience) { scene.value.connections.abort() }
    }
    for future in drained { try? await future.get() }
    for task in forced { task.cancel() }
  }

  /// How late the writes of all loops were.
  func lateness() async throws -> LatenessSummary {
    var merged = Histogram<UInt64>(
      highestTrackableValue: 3_600_000_000_000, numberOfSignificantValueDigits: .two)
    for scene in scenes.values {
      merged.add(try await scene.eventLoop.submit { scene.value.performer.lateness }.get())
    }
    return LatenessSummary(merged)
  }
}
