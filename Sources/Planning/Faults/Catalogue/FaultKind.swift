/// The kinds of fault, in the order in which they are applied; the pace is set before `time`.
package enum FaultKind: String, Comparable, CaseIterable, Sendable {
  case content, grammar, time, shape, cut, answer

  /// Whether faults of one kind are applied before those of the other.
  package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
