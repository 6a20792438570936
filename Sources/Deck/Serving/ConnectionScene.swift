internal import Cassettes
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// What the connections of one event loop share.
final class ConnectionScene {
  let answerer: Answerer
  let limits: DeckLimits
  let performer: Performer
  let connections: Connections
  let idleTime: TimeAmount
  let resetPatience: TimeAmount

  init(
    answerer: Answerer, limits: DeckLimits, loop: any EventLoop, turn: (index: Int, of: Int)
  ) {
    self.answerer = answerer
    self.limits = limits
    connections = Connections(
      count: answerer.state.connections, limit: limits.connections, loop: loop)
    performer = Performer(
      loop: loop, turn: turn, connections: connections, lateness: answerer.state.newMeter())
    idleTime = .nanoseconds(limits.idle.count * 1000)
    resetPatience = .nanoseconds(limits.reset.count * 1000)
  }

  /// Makes a channel of a connection that was accepted.
  func take(_ descriptor: NIOBSDSocket.Handle) {
    let scene = NIOLoopBound(self, eventLoop: performer.loop)
    _ = ClientBootstrap(group: performer.loop).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture { try scene.value.furnish(channel) }
    }.withConnectedSocket(descriptor)
  }

  /// The channel keeps the buffer of its last read, for as long as a stream plays that reads nothing; so it
  /// is small, and not much larger where a request is.
  private static let readBuffers = AdaptiveRecvByteBufferAllocator(
    minimum: 256, initial: 512, maximum: 4096)

  private func furnish(_ channel: any Channel) throws {
    try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
    try channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
    try channel.syncOptions?.setOption(.recvAllocator, value: Self.readBuffers)
    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(self))
  }
}

/// How many connections the deck has, on all its loops.
final class ConnectionCount: Sendable {
  private let count = Mutex(0)

  /// Counts one more, or returns false where there are `limit` already.
  func add(upTo limit: Int) -> Bool {
    count.withLock {
      guard $0 < limit else { return false }
      $0 += 1
      return true
    }
  }

  /// How many there are.
  var value: Int { count.withLock { $0 } }

  /// Counts one less.
  func remove() {
    count.withLock { $0 -= 1 }
  }
}
