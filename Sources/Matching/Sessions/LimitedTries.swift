/// Which attempts of a request were refused by limits: those used up no recording.
package struct LimitedTries: Hashable, Sendable {
  /// How many.
  package private(set) var count = 0

  /// A bit for each of the first attempts that was refused when it was last made.
  ///
  /// Clients that count for themselves begin again with 1, each for itself.
  private var marks: UInt64 = 0

  /// Creates a list without any.
  package init() {}

  /// How many before an attempt were refused, by the number that its client gave it.
  package func count(before attempt: Int) -> Int {
    guard attempt > 1 else { return 0 }
    let below = attempt > 64 ? UInt64.max : (1 << UInt64(attempt - 1)) - 1
    return (marks & below).nonzeroBitCount
  }

  /// Those of the first attempts before one that were refused.
  package func attempts(before attempt: Int) -> [Int] {
    (1..<min(max(1, attempt), 65)).filter { marks & 1 << UInt64($0 - 1) != 0 }
  }

  /// Takes in whether an attempt was refused.
  mutating func note(_ attempt: Int, isRefused: Bool) {
    if isRefused { count += 1 }
    guard (1...64).contains(attempt) else { return }
    let mark: UInt64 = 1 << UInt64(attempt - 1)
    if isRefused { marks |= mark } else { marks &= ~mark }
  }
}

extension SessionStore {
  /// Says whether limits refused an attempt that was counted.
  package mutating func note(limited isRefused: Bool, attempt: Int, at place: SessionTry.Place) {
    sessions[place.session]?.attempts[place.request]?.limited.note(attempt, isRefused: isRefused)
    if isRefused { note(.limited, in: place.session) }
  }
}
