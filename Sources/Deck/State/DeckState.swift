internal import Cassettes
internal import Dispatch
internal import Judging
internal import Matching
internal import Planning
internal import Quotas
internal import Redaction
internal import Synchronization
internal import Units

/// All that changes while a deck serves.
///
/// It is shared by all event loops; each part stands behind a lock that is held for a look-up only.
final class DeckState: Sendable {
  /// How many requests there were, and what became of them.
  let counts = Mutex(DeckCounts())

  /// What is said at the deck's end.
  let tally = Mutex(DeckTally())

  /// The clients' own replay states.
  let sessions: Mutex<SessionStore>

  /// What happened to the requests before.
  let journal: Journal

  /// Whether it is taken down when the bytes of an answer go out.
  let tracesWrites: Bool

  /// Judges how clients behave.
  let conduct: ConductJudge

  /// What the request bodies under way take up.
  let bodies: BodyBudget

  /// How many connections there are.
  let connections = ConnectionCount()

  /// How many answers are under way.
  let streams = Atomic(0)

  /// The limits of the provider that the deck plays, or nil where there are none.
  let limiter: ProviderLimiter?

  /// How much slower answers are the more of them are under way, or nil where they are not.
  let slowdown: Slowdown?

  private let meters = Mutex<[LatenessMeter]>([])
  private let wakeMeters = Mutex<[WakeMeter]>([])
  private let boundPort = Mutex(0)

  private let onWarning: @Sendable (String) -> Void

  /// What was said once.
  private let warnings = Mutex<Set<String>>([])

  /// How many different things are said once: more than that, a client makes up.
  private static let warningLimit = 50

  /// Tells who watches of each request, or nil where nobody does.
  let watch: JournalWatch?

  /// - Parameters:
  ///   - configuration: how the deck serves.
  ///   - rules: what is covered in what it says.
  init(_ configuration: DeckConfiguration, rules: RedactionRules) {
    watch = configuration.onServed.map { JournalWatch(rules: rules, onServed: $0) }
    let limits = configuration.limits
    onWarning = configuration.onWarning
    sessions = Mutex(
      SessionStore(
        limits: SessionStore.Limits(
          sessions: limits.sessions, requestsPerSession: limits.requestsPerSession,
          bytes: limits.sessionBytes)))
    conduct = ConductJudge(limits: configuration.conduct)
    limiter = ProviderLimiter(configuration.provider, start: .now())
    slowdown = configuration.provider.slowdown
    tracesWrites = configuration.tracesWrites
    bodies = BodyBudget(limitBytes: limits.bodiesBytes)
    journal = Journal(limits: limits, watch: watch)
    for fault in configuration.directives.faults ?? [] {
      let key = AskedFaults.Key(session: nil, fault: fault)
      tally.withLock { $0.asked.note(key, silence: .unasked) }
    }
  }

  /// Remembers that faults which were asked for have fired.
  func note(fired faults: [FiredFault], of asker: AskedFaults.Asker) {
    tally.withLock { tally in
      for fault in faults { tally.asked.fire(asker.key(of: fault.asked)) }
    }
    guard asker.isOwn, !asker.session.isEmpty else { return }
    sessions.withLock { sessions in
      for fault in faults { sessions.note(.fired(fault: fault.asked), in: asker.session) }
    }
  }

  /// Lets a session know how the answer to an attempt ended, or that it goes on after all.
  func note(
    _ delivery: JournalEntry.Delivery?, _ head: AnswerHead, at place: SessionTry.Place,
    writes: [SessionTry.Write] = []
  ) {
    var end = delivery.map { SessionTry.End($0, head) }
    end?.writes = writes
    let now = Instant.now()
    sessions.withLock { $0.end(place, end, at: now) }
  }

  /// Forgets a session, but not what its client did wrong; returns whether it was known.
  func forget(_ name: String) -> Bool {
    let now = Instant.now()
    let (observation, isKnown) = sessions.withLock {
      ($0.observation(of: name, at: now), $0.forget(name))
    }
    if let observation {
      let wrongs = conduct.wrongs(of: observation, session: name)
      tally.withLock { tally in for wrong in wrongs { tally.note(wrong: wrong) } }
    }
    return isKnown
  }

  /// The first of what clients did wrong, in all sessions, those that were forgotten too.
  var wrongConduct: FirstFew<DeckTally.Told> {
    let now = Instant.now()
    var few = tally.withLock { $0.wrongs }
    for name in sessions.withLock({ $0.names }).sorted() {
      guard let observation = sessions.withLock({ $0.observation(of: name, at: now) }) else {
        continue
      }
      for wrong in conduct.wrongs(of: observation, session: name) { few.add(wrong) }
    }
    return few
  }

  /// A meter for the writes of one more event loop.
  func newMeter() -> LatenessMeter {
    let meter = LatenessMeter()
    meters.withLock { $0.append(meter) }
    return meter
  }

  /// A meter for the wakes of one more event loop.
  func newWakeMeter() -> WakeMeter {
    let meter = WakeMeter()
    wakeMeters.withLock { $0.append(meter) }
    return meter
  }

  /// How often all loops woke.
  var wakes: WakeCounts {
    wakeMeters.withLock { $0.reduce(WakeCounts()) { $0 + $1.counts } }
  }

  /// How late the writes of all loops were.
  var lateness: LatenessSummary {
    LatenessSummary(of: meters.withLock { $0 })
  }

  /// The port that the deck listens on, 0 before it does.
  var port: Int {
    get { boundPort.withLock { $0 } }
    set { boundPort.withLock { $0 = newValue } }
  }

  /// Says something that comes of a request, but not with each request; from any thread, none of
  /// which waits for whoever is told.
  func warnOnce(_ message: String) {
    let isNew = warnings.withLock { $0.count < Self.warningLimit && $0.insert(message).inserted }
    guard isNew else { return }
    DispatchQueue.global().async { [onWarning] in onWarning(message) }
  }

  /// Says at once that a recording of a session is lost, and remembers it for the end.
  func lost(_ message: String, in session: String) {
    counts.withLock { $0.lost += 1 }
    sessions.withLock { $0.note(.lost, in: session) }
    tally.withLock { $0.note(lost: message) }
    onWarning(message)
  }
}
