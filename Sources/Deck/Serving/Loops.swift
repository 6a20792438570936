internal import Sockets
internal import Threads
internal import Units

/// The event loops of a deck, each on a thread of its own.
struct Loops: Sendable {
  private let mailboxes: [Mailbox<ServingLoop>]

  /// Starts as many loops, which accept what comes to a listener.
  ///
  /// - Throws: `SystemError` where the system refuses what they need.
  init(
    count: Int, answerer: Answerer, limits: DeckLimits, listener: Listener,
    onWarning: @escaping @Sendable (String) -> Void
  ) async throws {
    let mailboxes = try (0..<count).map { _ in try Mailbox<ServingLoop>() }
    for (index, mailbox) in mailboxes.enumerated() {
      do {
        let loop = try ServingLoop(
          ConnectionScene(
            answerer: answerer, limits: limits, mailbox: mailbox, turn: (index, count)),
          among: mailboxes, listener: listener, onWarning: onWarning)
        let code = SystemThread.start(name: "deck-loop-\(index)") { loop.run() }
        guard code == 0 else { throw SystemError(code) }
      } catch {
        await Loops(mailboxes: Array(mailboxes[..<index])).end()
        throw error
      }
    }
    self.mailboxes = mailboxes
  }

  private init(mailboxes: [Mailbox<ServingLoop>]) { self.mailboxes = mailboxes }

  /// Accepts nobody any more.
  func stopListening() async {
    await each { loop, done in
      loop.stopListening()
      done()
    }
  }

  /// Lets every stream end, and ends by force what has not within the time.
  func drain(within patience: Duration) async {
    let force = Task {
      try await Task.sleep(for: patience)
      for mailbox in mailboxes { mailbox.post { $0.scene.connections.abort() } }
    }
    await each { loop, done in loop.scene.connections.drain(onEmpty: done) }
    force.cancel()
  }

  /// Ends the threads.
  func end() async {
    await each { loop, done in loop.end(onEnd: done) }
  }

  /// Has something done on every loop at once, and waits until each has said that it is.
  private func each(
    _ task: @escaping @Sendable (ServingLoop, @escaping () -> Void) -> Void
  ) async {
    await withTaskGroup(of: Void.self) { group in
      for mailbox in mailboxes {
        group.addTask {
          await withCheckedContinuation { continuation in
            mailbox.post { task($0) { continuation.resume() } }
          }
        }
      }
    }
  }
}
