internal import Cassettes
internal import Deck
internal import Libc
internal import Matching
internal import Planning
internal import Testing
internal import Units

/// Runs a test with the deck that is planned for it.
struct DeckScope {
  private let plan: TapePlan

  init(_ plan: TapePlan) { self.plan = plan }

  /// Runs a test.
  ///
  /// - Throws: What the test throws. What goes wrong with its deck is recorded.
  func run(_ body: @concurrent @Sendable () async throws -> Void) async throws {
    switch plan.action {
    case .play:
      try await serve(configuration(.replay), body)
    case .forward:
      try await serve(configuration(.passthrough), body)
    case .record(let isRewrite):
      try await RecordingTurns.shared.run(plan.place.path) { isFirst in
        if isRewrite, isFirst {
          try await rewrite(body)
        } else {
          try await serve(configuration(.auto, to: plan.place.path), body)
        }
      }
    }
  }

  /// Records beside the cassette, and takes its place once there is something.
  private func rewrite(_ body: @concurrent @Sendable () async throws -> Void) async throws {
    let path = plan.place.path
    let folder = "\(path).\(getpid())"
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let new = CassettePlace.joined(folder, name)
    defer {
      unlink(new)
      rmdir(folder)
    }
    try await serve(configuration(.auto, to: new), body)
    guard CassettePlace.kind(of: new) != nil else {
      return record("nothing was recorded: \(path) stays as it is")
    }
    if rename(new, path) != 0 { record("\(path) cannot be replaced: \(SystemError(errno))") }
  }

  private func configuration(
    _ mode: RecordMode, to path: String? = nil
  ) -> DeckConfiguration {
    var configuration = DeckConfiguration()
    // One test has few streams at a time.
    configuration.threads = 1
    configuration.directives = plan.directives
    configuration.matchesBody = plan.matchesBody
    configuration.forwarding.mode = mode
    configuration.forwarding.upstreams = plan.upstreams
    configuration.forwarding.target = path.map { .file($0) }
    // Nobody waits any more for what is played; what is recorded is to be whole.
    if mode == .replay { configuration.drainTimeout = .zero }
    return configuration
  }

  /// Runs the test with a deck, and records what its requests came to.
  private func serve(
    _ configuration: DeckConfiguration, _ body: @concurrent @Sendable () async throws -> Void
  ) async throws {
    let session = plan.directives.session ?? ""
    let isRecording = plan.action != .play
    let (deck, failure): (Deck, (any Error)?)
    do {
      if let target = configuration.forwarding.target?.path {
        try CassetteFolder.create(CassettePlace.parent(of: target))
      }
      let library = try plan.library()
      (deck, failure) = try await withDeck(configuration, library) { running in
        let deck = Deck(
          baseURL: running.baseURL, isRecording: isRecording, running: running, session: session,
          library: library)
        do {
          try await Deck.$running.withValue(deck) { try await body() }
          return (deck, nil)
        } catch {
          return (deck, error)
        }
      }
    } catch {
      return record("\(error)")
    }
    record(deck, hasThrown: failure != nil)
    if let failure { throw failure }
  }

  /// Records what went wrong between a test and its deck.
  private func record(_ deck: Deck, hasThrown: Bool) {
    guard let report = deck.running?.report else { return }
    var kinds = plan.failures
    // What a test did not come to says nothing where it threw, or where nothing could fire.
    // What is refused says enough of itself, too.
    if hasThrown || deck.isRecording || report.refusedCount > 0 {
      kinds.subtract([.unfired, .unplayed])
    }
    for kind in DeckFailure.allCases {
      guard let asked = TapedeckFailure(rawValue: kind.rawValue), kinds.contains(asked) else {
        continue
      }
      var lines = report.failures(of: [kind])
      guard !lines.isEmpty else { continue }
      if kind == .miss { lines.append("record it in this test with\n  \(plan.command)") }
      record(JournalWords.text(lines.joined(separator: "\n"), deck.journal()))
    }
  }

  private func record(_ words: String) {
    Issue.record(Comment(rawValue: words), sourceLocation: plan.location)
  }
}
