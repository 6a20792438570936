internal import Dispatch
internal import Libc
internal import Sockets
internal import Synchronization
internal import Units

/// One event loop: a thread that waits for sockets, for the time of what it plays, and for what
/// other threads ask.
///
/// The loops share the socket that listens: whichever has time takes the next client, so streams
/// gather on as few loops as can play them, and wake as few cores; one that would have many more
/// than another gives them away.
final class ServingLoop {
  /// What the poller tells of beside connections.
  private static let listenerID = Connections.ID(seat: .max, turn: 0).bits
  private static let mailboxID = Connections.ID(seat: .max, turn: 1).bits

  /// How many clients are taken before the streams go on.
  private static let acceptsPerTurn = 16

  /// How many connections more than another a loop has at the most, when it takes one.
  private static let mostAhead = 32

  /// How long to wait for somebody to leave where there is no descriptor left: a listener with a
  /// client that cannot be accepted stays readable.
  private static let acceptPause = Duration.milliseconds(50)

  /// An hour: not every system waits for years.
  private static let longestWait: Int64 = 3_600_000_000_000

  let scene: ConnectionScene
  private let mailboxes: [Mailbox<ServingLoop>]
  private let poller: Poller
  private var listener: Listener?
  private let onWarning: @Sendable (String) -> Void
  private var acceptsAgain: Instant?
  private var onEnd: (() -> Void)?

  /// - Parameters:
  ///   - scene: what its connections share.
  ///   - mailboxes: those of all loops.
  ///   - listener: where clients come in.
  ///   - onWarning: told when clients have to wait since no descriptor is left.
  /// - Throws: `SystemError` where the system refuses what it needs.
  init(
    _ scene: ConnectionScene, among mailboxes: [Mailbox<ServingLoop>], listener: Listener,
    onWarning: @escaping @Sendable (String) -> Void
  ) throws {
    self.scene = scene
    self.mailboxes = mailboxes
    self.listener = listener
    self.onWarning = onWarning
    poller = try Poller()
    guard poller.watchShared(scene.mailbox.descriptor, as: Self.mailboxID),
      poller.watchShared(listener.descriptor, as: Self.listenerID)
    else { throw SystemError(ENOSPC) }
  }

  /// Serves until told to end; blocks its thread meanwhile.
  func run() {
    Poller.beginThread()
    scene.mailbox.load.store(0, ordering: .relaxed)
    while onEnd == nil {
      let count = poller.wait(nanoseconds: patience())
      for index in 0..<count {
        let (id, readiness) = poller[index]
        switch id {
        case Self.mailboxID: for task in scene.mailbox.take() { task(self) }
        case Self.listenerID: accept()
        default: scene.connections[Connections.ID(bits: id)]?.socketIsReady(readiness)
        }
      }
      var isSpin = !scene.performer.perform() && count == 0
      scene.mailbox.load.store(scene.connections.size, ordering: .relaxed)
      if let time = acceptsAgain, time <= .now() {
        acceptAgain()
        isSpin = false
      }
      scene.wakes.note(isSpin: isSpin)
    }
    scene.mailbox.load.store(.max, ordering: .relaxed)
    stopListening()
    scene.connections.abort()
    onEnd?()
  }

  /// For how long there is nothing to do by itself.
  private func patience() -> Int64 {
    guard scene.performer.deadline != nil || acceptsAgain != nil else { return -1 }
    let next = min(scene.performer.deadline ?? .distantFuture, acceptsAgain ?? .distantFuture)
    return max(0, min(next.nanoseconds(since: .now()), Self.longestWait))
  }

  /// Ends when the tasks at hand are done, and tells then.
  func end(onEnd: @escaping () -> Void) {
    self.onEnd = onEnd
  }

  // MARK: Clients

  private func accept() {
    for _ in 0..<Self.acceptsPerTurn {
      guard let listener else { return }
      switch listener.accept() {
      case .connection(let descriptor): place(descriptor)
      case .none: return
      case .exhausted(let code):
        if let complaint = listener.complaint(code) {
          // Whoever is told may block, and streams must not.
          DispatchQueue.global().async { [onWarning] in onWarning(complaint) }
        }
        poller.forget(listener.descriptor)
        acceptsAgain = .now() + Self.acceptPause
        return
      }
    }
  }

  private func acceptAgain() {
    acceptsAgain = nil
    guard let listener, !poller.watchShared(listener.descriptor, as: Self.listenerID) else {
      return
    }
    acceptsAgain = .now() + Self.acceptPause
  }

  /// Keeps a client, or gives it to the loop that has the fewest.
  private func place(_ descriptor: Int32) {
    let loads = mailboxes.map { $0.load.load(ordering: .relaxed) }
    let own = scene.connections.size
    guard let least = loads.indices.min(by: { loads[$0] < loads[$1] }),
      own - loads[least] >= Self.mostAhead
    else { return take(descriptor) }
    mailboxes[least].load.add(1, ordering: .relaxed)
    mailboxes[least].post { $0.take(descriptor) }
  }

  private func take(_ descriptor: Int32) {
    let connection = Connection(Wire(descriptor), scene)
    let (id, isAdmitted) = scene.connections.add(connection)
    let isWatched = poller.watch(descriptor, as: id.bits)
    connection.begin(as: id, isAdmitted: isAdmitted)
    // Its request may be there, or it may be gone again and make room for the next.
    connection.socketIsReady(.read)
    if !isWatched { connection.abort() }
    if scene.connections.isDraining { connection.drain() }
  }

  /// Takes no more clients than those that wait: the system has told them that they are connected,
  /// and would reset them.
  func stopListening() {
    guard let listener else { return }
    for _ in 0..<Listener.backlog {
      guard case .connection(let descriptor) = listener.accept() else { break }
      take(descriptor)
    }
    poller.forget(listener.descriptor)
    acceptsAgain = nil
    self.listener = nil
  }
}
