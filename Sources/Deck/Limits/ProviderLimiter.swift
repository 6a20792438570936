internal import Matching
internal import Quotas
internal import Synchronization
internal import Units

/// The limits of the provider that a deck plays, for all event loops.
///
/// One lock is held for a request's look-ups. No thread waits: a request in line is told when it is
/// its turn, by the thread that ended the answer in front of it.
final class ProviderLimiter: Sendable {
  private struct Waiting {
    weak var pass: LimitPass?
  }

  private struct State {
    var gate: ProviderGate
    var waiting: [LimitTicket: Waiting] = [:]
    var refusedCounts: [Int]
    var outageCount = 0

    mutating func count(_ refusal: LimitRefusal) {
      switch refusal.cause {
      case .quota(let number, _, _), .line(let number): refusedCounts[number] += 1
      case .outage: outageCount += 1
      }
    }
  }

  /// What is limited.
  let limits: ProviderLimits

  /// Whether the tokens of answers are.
  let countsAnswers: Bool

  /// Whether answers have fields that say how their client stands, in the place of recorded ones.
  let replacesFields: Bool

  private let state: Mutex<State>
  private let facts = LimitFactsCache()

  /// Begins with every bucket full.
  ///
  /// - Returns: nil where nothing is limited.
  init?(_ limits: ProviderLimits, start: Instant) {
    guard !limits.isEmpty else { return nil }
    self.limits = limits
    countsAnswers = limits.limits.contains { limit in
      if case .quota(let quota) = limit.measure { quota.kind == .outputTokens } else { false }
    }
    replacesFields = limits.limits.contains { limit in
      if case .quota = limit.measure { true } else { false }
    }
    state = Mutex(
      State(
        gate: ProviderGate(limits, start: start),
        refusedCounts: [Int](repeating: 0, count: limits.limits.count)))
  }

  /// What is known of a recording.
  func facts(of entry: Library.Entry) -> LimitFacts {
    facts.facts(of: entry.exchange, entry: entry.id)
  }

  /// What became of a request.
  struct Ruling {
    /// What it holds, and what its headers say.
    var pass: LimitPass
    /// Why it is refused, or nil where it is answered, now or later.
    var refusal: LimitRefusal?
    /// How its client stands.
    var standing: LimitStanding
  }

  /// Asks for a request that a recording answers.
  func ask(_ demand: LimitDemand, _ facts: LimitFacts, at now: Instant = .now()) -> Ruling {
    let shape = limits.shape ?? facts.shape
    return state.withLock { state in
      let (verdict, standing) = state.gate.ask(demand, at: now)
      let fields = LimitFields(shape, standing)
      func pass(_ ticket: LimitTicket?, isWaiting: Bool = false) -> LimitPass {
        LimitPass(
          ticket, isWaiting: isWaiting, fields: fields, facts: facts, arrival: now, limiter: self)
      }
      switch verdict {
      case .admitted(let ticket): return Ruling(pass: pass(ticket), standing: standing)
      case .waiting(let ticket):
        let pass = pass(ticket, isWaiting: true)
        state.waiting[ticket] = Waiting(pass: pass)
        return Ruling(pass: pass, standing: standing)
      case .refused(let refusal):
        state.count(refusal)
        return Ruling(pass: pass(nil), refusal: refusal, standing: standing)
      }
    }
  }

  /// Ends a request, and tells those whose turn it is.
  func end(_ ticket: LimitTicket, used: TokenUsage, at now: Instant = .now()) {
    let admitted = state.withLock { state in
      state.waiting[ticket] = nil
      return state.gate.end(ticket, used: used, at: now).compactMap { next in
        state.waiting.removeValue(forKey: next)?.pass
      }
    }
    for pass in admitted { pass.admit() }
  }

  /// What is to be seen of them.
  struct Gauges {
    /// How many requests each limit refused, by how it is written.
    var refused: [(name: String, count: Int)] = []
    /// How many requests outages refused.
    var outageCount = 0
    /// How many requests wait.
    var waitingCount = 0
    /// The least that any client has left of each quota.
    var left: [(name: String, count: Int64)] = []
  }

  /// What is to be seen of them now.
  var gauges: Gauges {
    let now = Instant.now()
    return state.withLock { state in
      var gauges = Gauges(
        outageCount: state.outageCount, waitingCount: state.gate.waitingCount)
      for (number, limit) in limits.limits.enumerated() {
        gauges.refused.append((limit.description, state.refusedCounts[number]))
        if let left = state.gate.least(of: number, at: now) {
          gauges.left.append((limit.description, left))
        }
      }
      return gauges
    }
  }
}
