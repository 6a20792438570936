import Cassettes
import Deck
import Load
import Loading
import Planning
import Units

/// One run of the generator, against a server or a deck of this process.
struct LoadGeneration {
  let aim: LoadAim
  let schedule: LoadSchedule
  let options: LoadOptions
  let bounds: StreamBounds
  let records: StreamRecordFile?

  /// Runs, and shows on a terminal how far it is.
  func run(_ source: some OrderSource, _ stop: LoadStop) async throws -> LoadReport {
    guard let server = aim.server else {
      return try await withOwnDeck(aim, pace: aim.pace ?? .recorded) { server in
        try await load(server, source, stop)
      }
    }
    return try await load(server, source, stop)
  }

  private func load(
    _ server: LoadTarget, _ source: some OrderSource, _ stop: LoadStop
  ) async throws -> LoadReport {
    let screen = LoadScreen()
    defer { screen.clear() }
    let begun = Timestamp.rfc3339(microsecondsSince1970: Timestamp.now())
    var options = options
    options.pace = aim.pace
    options.maxConnections = LoadDescriptors.connections(hasOwnDeck: aim.server == nil)
    let run = LoadRun(
      target: server, requests: aim.pool.requests, options: options,
      meter: LoadMeter(bounds: bounds))
    var onRecord: (@Sendable ([StreamRecord]) -> Void)?
    if let records { onRecord = { records.write($0) } }
    let outcome = try await run.run(
      source, stop: stop, onRecord: onRecord, onProgress: { screen.show($0) })
    return LoadReport(
      target: aim.name, arrivals: "\(schedule.arrivals)", seed: schedule.seed,
      requestedPerSecond: schedule.requestedPerSecond, isOpen: schedule.arrivals.isOpen,
      took: outcome.took, at: begun, meter: outcome.meter, processorTime: outcome.processorTime,
      shard: schedule.shard == .whole ? nil : (schedule.shard.number, schedule.shard.count))
  }
}

/// Serves the recordings of a run from a deck of this process, for as long as it is loaded.
func withOwnDeck<Value>(
  _ aim: LoadAim, pace: Pace, _ body: (LoadTarget) async throws -> Value
) async throws -> Value {
  guard let library = aim.library else {
    throw Failure(.bug, "a deck without recordings is to be loaded")
  }
  var configuration = DeckConfiguration()
  configuration.directives.pace = pace
  configuration.drainTimeout = .zero
  configuration.limits.connections = min(
    configuration.limits.connections, LoadDescriptors.connections(hasOwnDeck: true))
  return try await withDeck(configuration, library) { deck in
    try await body(
      LoadTarget(host: "127.0.0.1", port: deck.port, authority: "127.0.0.1:\(deck.port)"))
  }
}

/// How many connections a run may have.
///
/// Some descriptors stay free: Dispatch stops the program where it can open nothing.
enum LoadDescriptors {
  /// How many the generator may have; with a deck in the same process each takes up two.
  static func connections(hasOwnDeck: Bool) -> Int {
    guard let limit = OpenFiles.raiseLimit() else { return .max }
    return max(1, (limit - OpenFiles.reserve) / (hasOwnDeck ? 2 : 1))
  }
}
