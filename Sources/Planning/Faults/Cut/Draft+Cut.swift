internal import Cassettes

extension Draft {
  /// Ends the answer at a place, at the time of what happens there.
  mutating func cut(at place: ResolvedPlace, end: End) {
    self.end = end
    switch place {
    case .head(let side):
      endAt = headAt
      if case .halves(let second) = headPart, side == .after { endAt = second }
      if side != .after { headPart = side == .inside ? .half : .none }
      truncate(at: 0)
    case .body(let offset, let isAfter):
      let position = position(of: offset, after: isAfter)
      endAt = time(at: position, after: isAfter)
      truncate(at: position)
    case .event, .everywhere: break
    }
  }
}
