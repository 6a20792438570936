internal import Cassettes
internal import Libc
internal import NIOCore
internal import NIOPosix
internal import Synchronization

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
    let threads = configuration.threads > 0 ? configuration.threads : System.coreCount
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let result = await outcome { try await serve(on: group, onReady) }
    try? await group.shutdownGracefully()
    return try result.get()
  }

  private func outcome(
    _ body: () async throws -> DeckReport
  ) async -> Result<DeckReport, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
  }

  private func serve(
    on group: MultiThreadedEventLoopGroup, _ onReady: @Sendable (Int) async throws -> Void
  ) async throws -> DeckReport {
    let answerer = try Answerer(configuration: configuration, shelf: shelf)
    let scenes = try await Scenes(group: group, answerer: answerer, limits: configuration.limits)
    let acceptor = try Acceptor(
      Listener(host: configuration.host, port: configuration.port))
    answerer.state.port = acceptor.port
    let onWarning = configuration.onWarning
    // The thread of its own that accepting needs.
    let pool = NIOThreadPool(numberOfThreads: 1)
    pool.start()
    async let accepting: Void = pool.runIfActive { acceptor.run(scenes, onWarning: onWarning) }
    let result = await outcome {
      try await onReady(acceptor.port)
      await untilCancelled()
      return DeckReport()
    }
    acceptor.end()
    try? await accepting
    try? await pool.shutdownGracefully()
    let patience = TimeAmount.nanoseconds(configuration.drainTimeout.count * 1000)
    let deadline = NIODeadline.now() + patience
    await scenes.drain(within: patience)
    // What clients did not wait for ends in the same time.
    await answerer.forwarder?.finish(by: deadline)
    _ = try result.get()
    var report = DeckReport(
      counts: answerer.state.counts.withLock { $0 }, lateness: answerer.state.lateness)
    report.take(answerer.state.tally.withLock { $0 }, shelf.library)
    return report
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

  /// One sentence for a terminal.
  public var description: String {
    "cannot listen on \(host):\(port): \(cause): take another --port, or 0 for any that is free"
  }
}
