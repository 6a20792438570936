internal import NIOCore
internal import NIOPosix

/// The connection scenes of all event loops, each reachable only on its own.
struct Scenes: Sendable {
  private let scenes: [ObjectIdentifier: NIOLoopBound<ConnectionScene>]

  init(
    group: MultiThreadedEventLoopGroup, answerer: Answerer, limits: DeckLimits
  ) async throws {
    var scenes: [ObjectIdentifier: NIOLoopBound<ConnectionScene>] = [:]
    for loop in group.makeIterator() {
      scenes[ObjectIdentifier(loop)] = try await loop.submit {
        NIOLoopBound(
          ConnectionScene(answerer: answerer, limits: limits, loop: loop),
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
}
