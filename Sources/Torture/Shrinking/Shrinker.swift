package import Cassettes
internal import Deck
package import Judging
internal import Matching
package import Planning
internal import Threads
internal import Units

/// Makes a wrong case smaller, as long as the client does the same wrong.
package struct Shrinker: Sendable {
  private let options: TortureOptions
  private let makeClient: @Sendable () -> any TortureClient

  /// How often the client is run for one case at the most.
  package static let questionLimit = 150

  /// What is left of a case.
  package struct Shrunk: Sendable {
    /// The recording, as small as it was made.
    package var exchange: Exchange
    /// The faults, as simple as they were made.
    package var faults: [FaultSpec]
    /// How many events the recording had, and has.
    package var events: (before: Int, after: Int)
  }

  /// Creates a shrinker for a client.
  package init(
    _ options: TortureOptions, makeClient: @escaping @Sendable () -> any TortureClient
  ) {
    self.options = options
    self.makeClient = makeClient
  }

  /// Leaves out events and faults as long as the verdicts stay.
  ///
  /// - Parameters:
  ///   - torture: The case.
  ///   - exchange: Its recording.
  ///   - judgement: The verdicts that are to stay.
  ///   - stop: Whether it is to end with what it has.
  /// - Returns: What is left, or nil where the client does not do the same once more.
  /// - Throws: `TortureError`, and what a deck throws.
  package func shrink(
    _ torture: TortureCase, of exchange: Exchange, keeping judgement: Judgement, stop: StopFlag
  ) async throws -> Shrunk? {
    let reduction = Reduction(exchange)
    let isSound = Self.isSound(exchange)
    func holds(_ faults: [FaultSpec], _ kept: [Int]) async throws -> Bool {
      guard !stop.isSet, let moved = reduction.faults(faults, keeping: kept) else { return false }
      let smaller = reduction.exchange(keeping: kept)
      guard !isSound || Self.isSound(smaller) else { return false }
      return try await shows(judgement, moved, of: smaller, cassette: torture.cassette)
    }
    let all = reduction.all
    guard try await holds(torture.faults, all) else { return nil }
    var faults = torture.faults
    for index in faults.indices.reversed() where faults.count > 1 {
      var fewer = faults
      fewer.remove(at: index)
      if try await holds(fewer, all) { faults = fewer }
    }
    var search = DeltaDebugging(questions: Self.questionLimit)
    let chosen = faults
    let kept = try await search.minimum(of: all) { try await holds(chosen, $0) }
    guard let moved = reduction.faults(faults, keeping: kept) else { return nil }
    return Shrunk(
      exchange: reduction.exchange(keeping: kept), faults: moved, events: (all.count, kept.count))
  }

  /// Whether a client gets a recording right as it is.
  private static func isSound(_ exchange: Exchange) -> Bool {
    let plan = try? Planner().plan(exchange, PlanOptions(pace: .instant))
    return plan?.expectation(for: exchange).outcome == .benign
  }

  /// Whether the client gets the same verdicts for faults of a recording.
  private func shows(
    _ judgement: Judgement, _ faults: [FaultSpec], of exchange: Exchange, cassette: String
  ) async throws -> Bool {
    let recording = CaseRecording(exchange, cassette: cassette, number: 1)
    guard let torture = try? recording.ownCase(faults) else { return false }
    var library = Library()
    library.add(cassette: cassette, [exchange])
    let served = library
    var configuration = DeckConfiguration()
    configuration.requiresSession = true
    configuration.drainTimeout = .zero
    let found = try await withDeck(configuration, served) { deck in
      let runner = CaseRunner(deck: deck, library: served, options: options) { _ in "" }
      return await SystemThread.run { () -> Result<Judgement, ClientError>? in
        var client = makeClient()
        do throws(ClientError) {
          return .success(try runner.trial(of: torture, session: "shrunk", by: &client).judgement)
        } catch {
          return .failure(error)
        }
      } ?? nil
    }
    switch found {
    case .success(let again)?:
      return again.content == judgement.content && again.conduct == judgement.conduct
    case .failure(let error)?: throw TortureError.client(error)
    case nil: throw TortureError.system("the system refuses a thread")
    }
  }
}
