internal import Planning
internal import Quotas
internal import Synchronization
internal import Units

/// What one answer holds of the provider's limits, and what its headers say of them.
///
/// Whoever has it is under way, or waits for its turn; when nobody has it any more, what it held is
/// given back, so that nothing is lost however an answer ends.
final class LimitPass: Sendable {
  private struct State {
    var isWaiting: Bool
    var hasEnded = false
    var onTurn: (@Sendable () -> Void)?
  }

  /// What its headers say.
  let fields: LimitFields

  /// When it came.
  let arrival: Instant

  private let ticket: LimitTicket?
  private let facts: LimitFacts
  private let limiter: ProviderLimiter
  private let state: Mutex<State>

  /// - Parameters:
  ///   - ticket: What it holds, or nil where it was refused.
  ///   - isWaiting: Whether it is to wait for its turn.
  ///   - fields: What its headers say.
  ///   - facts: What is known of the recording.
  ///   - arrival: When it came.
  ///   - limiter: Where what it holds goes back to.
  init(
    _ ticket: LimitTicket?, isWaiting: Bool, fields: LimitFields, facts: LimitFacts,
    arrival: Instant, limiter: ProviderLimiter
  ) {
    self.ticket = ticket
    self.fields = fields
    self.facts = facts
    self.arrival = arrival
    self.limiter = limiter
    state = Mutex(State(isWaiting: isWaiting))
  }

  deinit { end(used: TokenUsage(input: 0, output: 0)) }

  /// Says whether it is its turn; if it is not, `onTurn` is called once it is, from any thread.
  func begin(_ onTurn: () -> @Sendable () -> Void) -> Bool {
    state.withLock { state in
      guard state.isWaiting else { return true }
      state.onTurn = onTurn()
      return false
    }
  }

  /// It is its turn.
  func admit() {
    let tell = state.withLock { state in
      state.isWaiting = false
      return state.onTurn.take()
    }
    tell?()
  }

  /// Settles what it was charged with what was sent, and gives its places to those who wait.
  ///
  /// - Parameters:
  ///   - status: The status of the answer, nil where no head went out: an error costs no tokens.
  ///   - sentBytes: How many body bytes went out.
  func end(status: Int?, sentBytes: Int) {
    guard let status, status < 400 else { return end(used: TokenUsage(input: 0, output: 0)) }
    var used = facts.usage
    used.output = used.output.map {
      TokenUsage.part(of: $0, sent: sentBytes, of: facts.bodyBytes)
    }
    end(used: used)
  }

  private func end(used: TokenUsage) {
    guard let ticket else { return }
    let isFirst = state.withLock { state in
      defer {
        state.hasEnded = true
        state.onTurn = nil
      }
      return !state.hasEnded
    }
    if isFirst { limiter.end(ticket, used: used) }
  }
}
