internal import Synchronization

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

  /// How many connections there are.
  let connections = ConnectionCount()

  private let meters = Mutex<[LatenessMeter]>([])
  private let boundPort = Mutex(0)

  private let onWarning: @Sendable (String) -> Void

  init(_ configuration: DeckConfiguration) {
    let limits = configuration.limits
    onWarning = configuration.onWarning
    sessions = Mutex(SessionStore(limits: limits))
    journal = Journal(limits: limits)
  }

  /// A meter for the writes of one more event loop.
  func newMeter() -> LatenessMeter {
    let meter = LatenessMeter()
    meters.withLock { $0.append(meter) }
    return meter
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

  /// Says at once that a recording is lost, and remembers it for the end.
  func lost(_ message: String) {
    counts.withLock { $0.lost += 1 }
    tally.withLock { $0.note(lost: message) }
    onWarning(message)
  }
}
