internal import Cassettes

extension Draft {
  /// Ends the answer at a place, at the time of what happens there.
  mutating func cut(at place: ResolvedPlace, end: Ending.Kind) {
    message.end = end
    switch place {
    case .head(let side):
      message.endAt = message.headAt
      if case .halves(let second) = message.headPart, side == .after { message.endAt = second }
      if side != .after { message.headPart = side == .inside ? .half : .none }
      truncate(at: 0)
    case .body(let offset, let isAfter):
      let position = position(of: offset, after: isAfter)
      message.endAt = time(at: position, after: isAfter)
      truncate(at: position)
    case .event, .everywhere: break
    }
  }
}
