import ArgumentParser
import Cassettes
import Deck

/// What the deck takes from clients, and how it ends.
struct ServerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The number of event loops, one for each core by default.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The address to listen on, 127.0.0.1 by default; 0.0.0.0 for other machines too.",
      valueName: "address"))
  var host: String?

  @Option(
    help: ArgumentHelp(
      "Another host name that requests may use, besides the deck's address; may repeat.",
      valueName: "name"))
  var allowHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "An origin whose web pages may use the deck, besides those of this machine; may repeat.",
      valueName: "origin"))
  var allowOrigin: [String] = []

  @Option(
    help: ArgumentHelp(
      "leave: a client that closes its side has left; keep: it still gets its answer. leave by "
        + "default.", valueName: "what"), completion: .list(["leave", "keep"]))
  var halfClose: String?

  @Option(
    help: ArgumentHelp(
      "The bearer token for the deck's own pages; beyond loopback a random one is used by default.",
      valueName: "token"))
  var token: String?

  @Option(
    help: ArgumentHelp(
      "How long streams may go on after SIGTERM or SIGINT, 5s by default.", valueName: "duration"))
  var drainTimeout: String?

  @Option(help: ArgumentHelp("The largest request head, 64KiB by default.", valueName: "size"))
  var maxHead: String?

  @Option(help: ArgumentHelp("The largest request body, 32MiB by default.", valueName: "size"))
  var maxBody: String?

  @Option(
    help: ArgumentHelp(
      "The most memory for request bodies in progress, 256MiB by default.", valueName: "size"))
  var maxBodies: String?

  @Option(help: ArgumentHelp("The most connections, 16384 by default.", valueName: "n"))
  var maxConnections: Int?

  @Option(
    help: ArgumentHelp(
      "How long a connection may be open without a complete request, 60s by default.",
      valueName: "duration"))
  var idleTimeout: String?

  @Option(
    help: ArgumentHelp(
      "How long a reset waits for a client that takes nothing, 10s by default.",
      valueName: "duration"))
  var resetTimeout: String?

  @Option(
    help: ArgumentHelp(
      "How long a client may read nothing before it is disconnected, 30s by default.",
      valueName: "duration"))
  var writeTimeout: String?

  @Option(help: ArgumentHelp("The most sessions, 100000 by default.", valueName: "n"))
  var maxSessions: Int?

  @Option(
    help: ArgumentHelp(
      "The most distinct requests in a session, 100000 by default.", valueName: "n"))
  var maxSessionRequests: Int?

  @Option(
    help: ArgumentHelp("The most memory for sessions, 256MiB by default.", valueName: "size"))
  var maxSessionMemory: String?

  @Option(
    help: ArgumentHelp("The most entries in the journal, 10000 by default.", valueName: "n"))
  var maxJournal: Int?

  @Option(
    help: ArgumentHelp("The most memory for the journal, 32MiB by default.", valueName: "size"))
  var maxJournalMemory: String?

  /// The names of the options.
  static let names = [
    "threads", "host", "allow-host", "allow-origin", "half-close", "token", "drain-timeout",
    "max-head", "max-body", "max-bodies", "max-connections", "idle-timeout", "reset-timeout",
    "write-timeout", "max-sessions", "max-session-requests", "max-session-memory", "max-journal",
    "max-journal-memory",
  ]

  /// Those of them that may repeat.
  static let repeatable = ["allow-host", "allow-origin"]

  /// Puts what was chosen into a configuration.
  func set(_ configuration: inout DeckConfiguration) throws {
    if let threads {
      guard (1...256).contains(threads) else {
        throw Failure(.usage, "--threads \(threads) is not from 1 to 256")
      }
      configuration.threads = threads
    }
    if let host { configuration.host = host }
    configuration.allowedHosts = try allowHost.map(Self.host)
    configuration.allowedOrigins = try allowOrigin.map(Self.origin)
    if let halfClose {
      guard ["leave", "keep"].contains(halfClose) else {
        throw Failure(.usage, "--half-close \(halfClose) is not leave or keep")
      }
      configuration.keepsHalfClosed = halfClose == "keep"
    }
    configuration.token = try chosenToken()
    if let drainTimeout {
      configuration.drainTimeout = try OptionValue.duration(drainTimeout, "--drain-timeout")
    }
    try setClientLimits(&configuration.limits)
    try setMemory(&configuration.limits)
    fitToDescriptors(&configuration.limits, forwards: configuration.forwarding.mode.forwards)
  }

  /// Puts what was chosen into the limits of what a client may send and hold.
  private func setClientLimits(_ limits: inout DeckLimits) throws {
    if let maxHead { limits.headBytes = try OptionValue.size(maxHead, "--max-head") }
    if let maxBody { limits.bodyBytes = try OptionValue.size(maxBody, "--max-body") }
    if let maxBodies { limits.bodiesBytes = try OptionValue.size(maxBodies, "--max-bodies") }
    if let idleTimeout {
      limits.idle = try OptionValue.duration(idleTimeout, "--idle-timeout")
    }
    if let resetTimeout {
      limits.reset = try OptionValue.duration(resetTimeout, "--reset-timeout")
    }
    if let writeTimeout {
      limits.write = try OptionValue.duration(writeTimeout, "--write-timeout")
    }
    if let maxConnections {
      limits.connections = try positive(maxConnections, "--max-connections")
    }
  }

  /// Puts what was chosen into the limits of what a deck remembers.
  private func setMemory(_ limits: inout DeckLimits) throws {
    if let maxSessions { limits.sessions = try positive(maxSessions, "--max-sessions") }
    if let maxSessionRequests {
      limits.requestsPerSession = try positive(maxSessionRequests, "--max-session-requests")
    }
    if let maxSessionMemory {
      limits.sessionBytes = try OptionValue.size(maxSessionMemory, "--max-session-memory")
    }
    if let maxJournal { limits.journalEntries = try positive(maxJournal, "--max-journal") }
    if let maxJournalMemory {
      limits.journalBytes = try OptionValue.size(maxJournalMemory, "--max-journal-memory")
    }
  }

  /// A name as the field `host` has it: what it cannot be would let nobody in.
  private static func host(_ text: String) throws -> String {
    guard !text.isEmpty, !text.contains(where: { "/@?#, ".contains($0) }) else {
      throw Failure(
        .usage,
        "--allow-host '\(text)' is not a host name: write NAME or NAME:PORT, without a scheme")
    }
    return text
  }

  /// An origin as browsers send it: in lower case, without the port that its scheme implies.
  private static func origin(_ text: String) throws -> String {
    let lowered = text.lowercased()
    if lowered == "null" { return lowered }
    let trimmed = lowered.hasSuffix("/") ? String(lowered.dropLast()) : lowered
    guard let scheme = trimmed.firstRange(of: "://"), scheme.lowerBound > trimmed.startIndex,
      case let host = trimmed[scheme.upperBound...], !host.isEmpty,
      !host.contains(where: { "/@?#, ".contains($0) })
    else {
      throw Failure(
        .usage,
        "--allow-origin '\(text)' is not an origin: write SCHEME://HOST or SCHEME://HOST:PORT, or null"
      )
    }
    for (prefix, port) in [("http://", ":80"), ("https://", ":443")]
    where trimmed.hasPrefix(prefix) && trimmed.hasSuffix(port) {
      return String(trimmed.dropLast(port.count))
    }
    return trimmed
  }

  /// The token that was chosen, checked: what a header cannot carry would let nobody in.
  private func chosenToken() throws -> String? {
    guard let token else { return nil }
    guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw Failure(.usage, "--token must be 1 or more visible ASCII characters, without spaces")
    }
    return token
  }

  /// Leaves no more connections than there are descriptors for, so that one too many is told so and
  /// not left waiting.
  private func fitToDescriptors(_ limits: inout DeckLimits, forwards: Bool) {
    guard let descriptors = OpenFiles.raiseLimit() else { return }
    // What is forwarded takes a second one of the client's, the upstream's, and a spool's.
    let each = forwards ? 4 : 1
    limits.connections = min(limits.connections, max(1, (descriptors - OpenFiles.reserve) / each))
  }
}
