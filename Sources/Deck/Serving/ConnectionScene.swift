internal import Cassettes
internal import NIOCore
internal import Synchronization

/// What the connections of one event loop share.
final class ConnectionScene {
  let answerer: Answerer
  let limits: DeckLimits
  let performer: Performer
  let connections: Connections
  let idleTime: TimeAmount
  let resetPatience: TimeAmount

  init(answerer: Answerer, limits: DeckLimits, loop: any EventLoop) {
    self.answerer = answerer
    self.limits = limits
    performer = Performer(loop: loop, lateness: answerer.state.newMeter())
    connections = Connections(
      count: answerer.state.connections, limit: limits.connections, loop: loop)
    idleTime = .nanoseconds(limits.idle.count * 1000)
    resetPatience = .nanoseconds(limits.reset.count * 1000)
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

/// The connections of one event loop.
final class Connections {
  private let count: ConnectionCount
  private let limit: Int
  private let loop: any EventLoop
  private var handlers: [ObjectIdentifier: ConnectionHandler] = [:]
  private var isEmptyPromise: EventLoopPromise<Void>?

  init(count: ConnectionCount, limit: Int, loop: any EventLoop) {
    self.count = count
    self.limit = limit
    self.loop = loop
  }

  /// Takes a connection in, or returns false where it is one too many.
  func admit(_ handler: ConnectionHandler) -> Bool {
    guard count.add(upTo: limit) else { return false }
    handlers[ObjectIdentifier(handler)] = handler
    if isEmptyPromise != nil { handler.drain() }
    return true
  }

  /// Forgets a connection that is gone.
  func remove(_ handler: ConnectionHandler) {
    guard handlers.removeValue(forKey: ObjectIdentifier(handler)) != nil else { return }
    count.remove()
    if handlers.isEmpty {
      isEmptyPromise?.succeed()
    }
  }

  /// Lets the connections end; the future succeeds when the last one has.
  func drain() -> EventLoopFuture<Void> {
    let promise = isEmptyPromise ?? loop.makePromise()
    isEmptyPromise = promise
    for handler in handlers.values { handler.drain() }
    if handlers.isEmpty { promise.succeed() }
    return promise.futureResult
  }

  /// Ends what is left.
  func abort() {
    for handler in handlers.values { handler.abort() }
  }
}
