internal import Cassettes
internal import Deck
internal import Judging
internal import Matching
internal import Planning
internal import Synchronization
internal import Units

/// Runs one case after the other, each as a session of its own.
struct CaseRunner: Sendable {
  let deck: RunningDeck
  let library: Library
  let options: TortureOptions
  let reproduce: @Sendable (TortureCase) -> String

  /// The kinds of cases of which one that went right is drawn already.
  private let drawn = DrawnKinds()

  init(
    deck: RunningDeck, library: Library, options: TortureOptions,
    reproduce: @escaping @Sendable (TortureCase) -> String
  ) {
    self.deck = deck
    self.library = library
    self.options = options
    self.reproduce = reproduce
  }

  /// What became of a case, before it is put into words.
  struct Trial {
    var torture: TortureCase
    var account: ClientAccount
    var observation: SessionObservation
    var judgement: Judgement
    /// When its first request had come, or when the client was started where none came.
    var origin: Instant
  }

  /// Runs the case of a number, which makes its session, and judges what came of it.
  func run(
    _ torture: TortureCase, number: Int, by client: inout any TortureClient
  ) throws(ClientError) -> CaseResult {
    let trial = try trial(of: torture, session: "case-\(number + 1)", by: &client)
    // A picture of each thousandth right case would be one more of the same.
    let isDrawn = trial.judgement.isWrong || drawn.isFirst(torture.kind)
    return trial.result(
      of: isDrawn ? entry(of: torture)?.exchange : nil, reproduce: reproduce(torture))
  }

  /// Lets a client do a case in a session.
  func trial(
    of torture: TortureCase, session: String, by client: inout any TortureClient
  ) throws(ClientError) -> Trial {
    guard let entry = entry(of: torture) else {
      return Trial(
        torture: torture,
        account: ClientAccount(
          delivered: Delivered(text: [], claim: nil), failure: "the exchange is not served"),
        observation: SessionObservation(), judgement: .unserved, origin: .now())
    }
    let start = Instant.now()
    var account = try client.visit(
      visit(torture, session: session, entry.exchange.request))
    let seen = Instant.now()
    let observation = deck.observation(ofSession: session) ?? SessionObservation()
    deck.forget(session: session)
    // What a client says of itself counts for more than its exit code, but not than a signal.
    if var outcome = observation.outcome, account.delivered.end.isOwn {
      outcome.end = account.delivered.end
      account.delivered = outcome
    }
    return Trial(
      torture: torture, account: account, observation: observation,
      judgement: judgement(of: account, observation, torture),
      origin: observation.at.map { seen.after(nanoseconds: -1000 * $0.count) } ?? start)
  }

  private func visit(
    _ torture: TortureCase, session: String, _ request: RecordedRequest
  ) -> ClientVisit {
    ClientVisit(
      baseURL: deck.baseURL + torture.prefix(session: session), caseID: torture.id,
      outcomeURL: "\(deck.baseURL)/~/api/outcome?session=\(session)", request: request,
      clock: CaseClock(limit: .microseconds(options.timeout.count)) { [deck] in
        deck.observation(ofSession: session)?.at.map {
          Instant.now().after(nanoseconds: -1000 * $0.count)
        }
      })
  }

  private func judgement(
    of account: ClientAccount, _ observation: SessionObservation, _ torture: TortureCase
  ) -> Judgement {
    if let failure = account.failure {
      return Judgement(content: .harnessError, contentEvidence: failure)
    }
    return Judgement(
      expected: torture.expected, delivered: account.delivered, observation: observation,
      limits: options.conduct)
  }

  private func entry(of torture: TortureCase) -> Library.Entry? {
    let entries = library.cassettes(named: torture.cassette).first?.entries ?? []
    return torture.exchange <= entries.count ? entries[torture.exchange - 1] : nil
  }
}

extension Delivered.End {
  /// Whether the client came to its end by itself.
  fileprivate var isOwn: Bool {
    switch self {
    case .exited, .answered: true
    case .signaled, .timedOut: false
    }
  }
}

extension Judgement {
  fileprivate static let unserved = Judgement(
    content: .harnessError, contentEvidence: "the exchange is not served")
}

extension TortureCase {
  /// The directives of the case, as the path of a base URL has them.
  func prefix(session: String) -> String {
    var directives = Directives()
    directives.session = session
    directives.cassette = cassette
    directives.exchange = exchange
    directives.pace = pace
    directives.faults = faults.isEmpty ? nil : faults
    return directives.prefix
  }
}

extension CaseRunner.Trial {
  /// Why a client that was given an answer without any fault is not ready to be judged; nil where
  /// it is.
  ///
  /// - Parameter words: What its kind of client is called by.
  /// - Returns: What is wrong, and what to do.
  func harnessFlaw(_ words: ClientWords) -> String? {
    // A recording that is broken itself may be reported, and of some nobody can tell.
    let isBenign = torture.expected.step(ofAttempt: 1)?.outcome == .benign
    let isRight =
      account.failure == nil && !observation.attempts.isEmpty
      && (isBenign
        ? [.ok, .recovered].contains(judgement.content) : !judgement.content.isWrong)
    guard !isRight else { return nil }
    return
      "the client does not get '\(torture.cassette)' right without any fault: "
      + "\(why(words)): "
      + "make it work with 'tapedeck serve' first, or name a cassette that it can read"
  }

  private func why(_ words: ClientWords) -> String {
    if let failure = account.failure { return failure }
    let requests = observation.requests.reduce(0) { $0 + $1.attempts.count }
    guard requests > 0 else {
      return "it made no request that the deck could read, though \(words.address); "
        + printed(words)
    }
    return "\(judgement.contentEvidence); \(printed(words))"
  }

  /// What the client printed, for a person.
  private func printed(_ words: ClientWords) -> String {
    let text = Self.excerpt(account.delivered.text)
    let said = Self.excerpt(account.said.suffix(300))
    let printed = text.isEmpty ? "it \(words.delivered) nothing" : "it \(words.delivered) '\(text)'"
    return said.isEmpty ? printed : "\(printed), and \(words.said) '\(said)'"
  }

  private static func excerpt(_ bytes: some Collection<UInt8>) -> String {
    let text = String(decoding: bytes.prefix(300), as: UTF8.self)
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return bytes.count > 300 ? "\(line)…" : line
  }
}

/// What was seen once already.
private final class DrawnKinds: Sendable {
  private let seen = Mutex<Set<String>>([])

  /// Whether nobody has asked for this one before.
  func isFirst(_ kind: String) -> Bool { seen.withLock { $0.insert(kind).inserted } }
}

extension TortureCase {
  /// The family and the fault: `cut/disconnect`.
  fileprivate var kind: String { id.split(separator: "/").prefix(2).joined(separator: "/") }
}
