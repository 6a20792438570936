import ArgumentParser
import Cassettes
import Deck
import Planning

/// What the deck takes from clients, and how it ends.
struct ServerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Event loops; one a core by default.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "How long streams may go on after SIGTERM or SIGINT, 5s by default.", valueName: "duration"))
  var drainTimeout: String?

  @Option(help: ArgumentHelp("The largest request head, 64KiB by default.", valueName: "size"))
  var maxHead: String?

  @Option(help: ArgumentHelp("The largest request body, 32MiB by default.", valueName: "size"))
  var maxBody: String?

  @Option(help: ArgumentHelp("The most connections, 16384 by default.", valueName: "n"))
  var maxConnections: Int?

  @Option(
    help: ArgumentHelp(
      "How long a connection may be open without a whole request, 60s by default.",
      valueName: "duration"))
  var idleTimeout: String?

  @Option(help: ArgumentHelp("The most sessions, 100000 by default.", valueName: "n"))
  var maxSessions: Int?

  @Option(
    help: ArgumentHelp(
      "The most different requests in a session, 100000 by default.", valueName: "n"))
  var maxSessionRequests: Int?

  /// Puts what was chosen into a configuration.
  func set(_ configuration: inout DeckConfiguration) throws {
    if let threads {
      guard (1...256).contains(threads) else {
        throw Failure(.usage, "--threads \(threads) is not 1 to 256")
      }
      configuration.threads = threads
    }
    if let drainTimeout { configuration.drainTimeout = try Quantity.duration(drainTimeout) }
    if let maxHead { configuration.limits.headBytes = try size(maxHead, "--max-head") }
    if let maxBody { configuration.limits.bodyBytes = try size(maxBody, "--max-body") }
    if let idleTimeout { configuration.limits.idle = try Quantity.duration(idleTimeout) }
    if let maxConnections {
      configuration.limits.connections = try positive(maxConnections, "--max-connections")
    }
    if let maxSessions {
      configuration.limits.sessions = try positive(maxSessions, "--max-sessions")
    }
    if let maxSessionRequests {
      configuration.limits.requestsPerSession = try positive(
        maxSessionRequests, "--max-session-requests")
    }
    fitToDescriptors(&configuration.limits)
  }

  /// Leaves no more connections than there are descriptors for, so that one too many is told so and
  /// not left waiting.
  private func fitToDescriptors(_ limits: inout DeckLimits) {
    guard let descriptors = OpenFiles.raiseLimit() else { return }
    limits.connections = min(limits.connections, max(1, descriptors - OpenFiles.reserve))
  }

  private func size(_ text: String, _ option: String) throws -> Int {
    try positive(try Quantity.size(text), option)
  }
}
