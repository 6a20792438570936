internal import Cassettes
internal import Sockets
internal import Units

/// What the connections of one event loop share.
final class ConnectionScene {
  /// The largest read.
  private static let scratchBytes = 16 << 10

  let answerer: Answerer
  let limits: DeckLimits
  let performer: Performer
  let connections: Connections
  let wakes: WakeMeter
  /// How other threads reach them.
  let mailbox: Mailbox<ServingLoop>
  let idleTime: Duration
  let resetPatience: Duration
  let writePatience: Duration
  /// The connections whose clients do not take what is written.
  var stalls: [Connections.ID: Stall] = [:]
  /// Where what is read passes through: a stream that plays keeps no buffer to read into.
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchBytes, alignment: 64)

  init(
    answerer: Answerer, limits: DeckLimits, mailbox: Mailbox<ServingLoop>,
    turn: (index: Int, of: Int)
  ) {
    self.answerer = answerer
    self.limits = limits
    self.mailbox = mailbox
    connections = Connections(count: answerer.state.connections, limit: limits.connections)
    performer = Performer(
      turn: turn, connections: connections, lateness: answerer.state.newMeter())
    wakes = answerer.state.newWakeMeter()
    idleTime = .microseconds(limits.idle.count)
    resetPatience = .microseconds(limits.reset.count)
    writePatience = .microseconds(limits.write.count)
  }

  deinit { scratch.deallocate() }
}
