internal import Cassettes
internal import Libc
package import Matching
internal import Sockets
internal import Synchronization
internal import Threads
internal import Units

/// The deck: an HTTP server that performs plans.
///
/// It opens a connection of its own only in modes that forward.
package struct DeckServer: Sendable {
  private let configuration: DeckConfiguration
  private let shelf: Shelf

  /// Creates a deck that serves a library, which stays as it is.
  package init(configuration: DeckConfiguration, library: Library) {
    self.init(
      configuration: configuration,
      shelf: Shelf(library, recordedBytes: configuration.limits.recordedBytes))
  }

  /// Creates a deck that serves what is on a shelf.
  package init(configuration: DeckConfiguration, shelf: Shelf) {
    self.configuration = configuration
    self.shelf = shelf
  }

  /// Serves until a body has ended, then lets streams end within the drain timeout.
  ///
  /// - Parameter body: begins when connections are accepted.
  /// - Returns: what the body returns, what was served, and how late its writes were.
  /// - Throws: `DeckConfigurationError` where the deck may not serve like that, `DeckError` where
  ///   the address cannot be listened on, or what the body throws.
  package func run<Value>(
    _ body: (RunningDeck) async throws -> Value
  ) async throws -> (value: Value, report: DeckReport) {
    try configuration.validate()
    let answerer = try Answerer(configuration: configuration, shelf: shelf)
    let loops = try await listen(answerer)
    let deck = RunningDeck(host: configuration.host, state: answerer.state, shelf: shelf)
    let result = await outcome { try await body(deck) }
    // Those who come later are refused, and wait for nothing.
    await loops.stopListening()
    let patience = Duration.microseconds(configuration.drainTimeout.count)
    let deadline = Instant.now() + patience
    await loops.drain(within: patience)
    // What clients did not wait for ends in the same time.
    await answerer.forwarder?.finish(by: deadline)
    await loops.end()
    answerer.state.watch?.finish()
    return (try result.get(), deck.report)
  }

  private func outcome<Value>(
    _ body: () async throws -> Value
  ) async -> Result<Value, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
  }

  /// Begins to accept connections.
  ///
  /// The socket that listens is gone when no loop listens any more.
  private func listen(_ answerer: Answerer) async throws -> Loops {
    let limits = configuration.limits
    let listener = try Self.listen(on: configuration.host, port: configuration.port)
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

  private static func listen(on host: String, port: Int) throws(DeckError) -> Listener {
    do {
      return try Listener(host: host, port: port)
    } catch {
      guard error == .system(SystemError(EMFILE)) else {
        throw DeckError(host: host, port: port, cause: "\(error)")
      }
      throw DeckError(
        host: host, port: port, cause: "\(error)", advice: "a higher 'ulimit -n' is needed")
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
