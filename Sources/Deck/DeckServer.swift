internal import Cassettes
internal import Libc
internal import Synchronization
internal import Threads
internal import Units

/// The deck: an HTTP server that performs plans.
///
/// It opens a connection of its own only in modes that forward.
public struct DeckServer: Sendable {
  private let configuration: DeckConfiguration
  private let shelf: Shelf

  /// Creates a deck that serves a library, which stays as it is.
  public init(configuration: DeckConfiguration, library: Library) {
    self.init(configuration: configuration, shelf: Shelf(library))
  }

  /// Creates a deck that serves what is on a shelf.
  public init(configuration: DeckConfiguration, shelf: Shelf) {
    self.configuration = configuration
    self.shelf = shelf
  }

  /// Serves until the task is cancelled, then lets streams end within the drain timeout.
  ///
  /// - Parameter onReady: called once, with the port, when connections are accepted.
  /// - Returns: what was served, and how late its writes were.
  /// - Throws: `DeckError` where the address cannot be listened on, or what `onReady` throws.
  public func run(onReady: @Sendable (Int) async throws -> Void) async throws -> DeckReport {
    let answerer = try Answerer(configuration: configuration, shelf: shelf)
    let loops = try await listen(answerer)
    let result = await outcome {
      try await onReady(answerer.state.port)
      await untilCancelled()
      return DeckReport()
    }
    // Those who come later are refused, and wait for nothing.
    await loops.stopListening()
    let patience = Duration.microseconds(configuration.drainTimeout.count)
    let deadline = Instant.now() + patience
    await loops.drain(within: patience)
    // What clients did not wait for ends in the same time.
    await answerer.forwarder?.finish(by: deadline)
    await loops.end()
    answerer.state.watch?.finish()
    _ = try result.get()
    var report = DeckReport(
      counts: answerer.state.counts.withLock { $0 }, lateness: answerer.state.lateness)
    report.take(answerer.state.tally.withLock { $0 }, shelf.library)
    return report
  }

  private func outcome(
    _ body: () async throws -> DeckReport
  ) async -> Result<DeckReport, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
  }

  /// Begins to accept connections.
  ///
  /// The socket that listens is gone when no loop listens any more.
  private func listen(_ answerer: Answerer) async throws -> Loops {
    let limits = configuration.limits
    let listener = try Listener(host: configuration.host, port: configuration.port)
    answerer.state.port = listener.port
    // It takes a while, and nobody has to wait for it.
    _ = SystemThread.start(name: "tapedeck-work") {
      DescriptorTable.makeRoom(for: limits.connections)
    }
    do {
      return try await Loops(
        count: configuration.threadCount,
        answerer: answerer, limits: limits, listener: listener,
        onWarning: configuration.onWarning)
    } catch let error as SystemError {
      throw DeckError(
        host: configuration.host, port: listener.port,
        cause: "the system refuses event loops: \(error)",
        advice: "a higher 'ulimit -n' or fewer --threads may do")
    }
  }

  private func untilCancelled() async {
    let onStop = AsyncStream<Never>.makeStream()
    await withTaskCancellationHandler {
      for await _ in onStop.stream {}
    } onCancel: {
      onStop.continuation.finish()
    }
  }
}

/// Why a deck could not listen.
public struct DeckError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address that was asked for.
  public var host: String

  /// The port that was asked for.
  public var port: Int

  /// What the system said.
  public var cause: String

  /// What to do about it.
  public var advice = "take another --port, or 0 for any that is free"

  /// One sentence for a terminal.
  public var description: String { "cannot listen on \(host):\(port): \(cause): \(advice)" }
}
