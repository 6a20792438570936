internal import NIOCore
internal import NIOPosix

/// The connection scenes of all event loops, each reachable only on its own.
struct Scenes: Sendable {
  private let scenes: [NIOLoopBound<ConnectionScene>]

  init(
    group: MultiThreadedEventLoopGroup, answerer: Answerer, limits: DeckLimits
  ) async throws {
    var scenes: [NIOLoopBound<ConnectionScene>] = []
    let loops = Array(group.makeIterator())
    for (index, loop) in loops.enumerated() {
      scenes.append(
        try await loop.submit {
          NIOLoopBound(
            ConnectionScene(
              answerer: answerer, limits: limits, loop: loop, turn: (index, loops.count)),
            eventLoop: loop)
        }.get())
    }
    self.scenes = scenes
  }

  /// Hands a connection to the event loop whose turn it is.
  func take(_ descriptor: NIOBSDSocket.Handle, turn: Int) {
    let scene = scenes[turn % scenes.count]
    scene.eventLoop.execute { scene.value.take(descriptor) }
  }

  /// Lets every stream end, and ends by force what has not within the time.
  func drain(within patience: TimeAmount) async {
    let drained = scenes.map { scene in
      scene.eventLoop.flatSubmit { scene.value.connections.drain() }
    }
    let forced = scenes.map { scene in
      scene.eventLoop.scheduleTask(in: patience) { scene.value.connections.abort() }
    }
    for future in drained { try? await future.get() }
    for task in forced { task.cancel() }
  }
}
