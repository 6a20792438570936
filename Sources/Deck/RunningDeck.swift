public import Matching
internal import Synchronization
internal import Units

/// Runs a body with a deck that serves a library, and ends the deck when the body ends.
///
/// ```swift
/// let library = try Library(paths: ["cassettes"])
/// try await withDeck(DeckConfiguration(), library) { deck in
///   try await testMyClient(baseURL: "\(deck.baseURL)/~fault=reset@event:3,on=1")
/// }
/// ```
///
/// When the body returns, throws or is cancelled, the deck accepts no more clients, lets the
/// streams under way end within `drainTimeout`, and ends its threads. Nothing of it is left when
/// this returns: no thread, no socket, and no recording that is not in its file.
///
/// - Parameters:
///   - configuration: How the deck serves. With the defaults it listens on a free port of loopback
///     and opens no connection of its own.
///   - library: What it serves, beside what has been recorded to its target before.
///   - body: What uses the deck.
/// - Returns: What the body returns.
/// - Throws: `DeckConfigurationError` where the deck may not serve like that, `CassetteError` where
///   it cannot record there, `DeckError` where it cannot listen, and what the body throws.
@discardableResult
public func withDeck<Value>(
  _ configuration: DeckConfiguration, _ library: Library,
  _ body: (RunningDeck) async throws -> Value
) async throws -> Value {
  try configuration.validate()
  var library = library
  if configuration.forwarding.mode.records, let target = configuration.forwarding.target {
    try target.prepare()
    try library.addMissing(paths: target.recordedPaths)
  }
  return try await DeckServer(configuration: configuration, library: library).run(body).value
}

/// A deck that serves.
public struct RunningDeck: Sendable {
  /// The port that it listens on.
  public let port: Int

  /// The URL that takes the place of a provider's: `http://127.0.0.1:PORT`.
  ///
  /// What comes behind it is the path of the request, in front of which directives may stand:
  /// `/~session=t1/~pace=instant/v1/messages`.
  public let baseURL: String

  let state: DeckState
  let shelf: Shelf

  init(host: String, state: DeckState, shelf: Shelf) {
    port = state.port
    baseURL = DeckAddress(host: host, port: state.port).baseURL
    self.state = state
    self.shelf = shelf
  }

  /// What the deck has served until now.
  ///
  /// Everything that a client has got the last byte of is in it.
  public var report: DeckReport {
    var report = DeckReport(counts: state.counts.withLock { $0 }, lateness: state.lateness)
    report.take(state.tally.withLock { $0 }, shelf.library)
    report.take(conduct: state.wrongConduct, shelf.rules)
    return report
  }
}

/// Where clients reach a deck.
package struct DeckAddress: Hashable, Sendable {
  /// The address or the name that clients ask for.
  package let host: String

  /// The URL of it, without a slash at the end.
  package let baseURL: String

  /// Creates the address for clients of what a deck listens on.
  ///
  /// One that stands for every address of the machine is reached by that of its loopback.
  package init(host: String, port: Int) {
    let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
    self.host = host
    baseURL = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }
}
