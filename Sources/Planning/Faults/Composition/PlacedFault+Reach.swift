internal import Cassettes

extension PlacedFault {
  /// What a journal says of it, with how far an answer has come when it has happened.
  func planned(in scene: FaultScene, of draft: Draft) -> MessageFault {
    var planned = MessageFault(
      asked: spec, pinned: pinned(in: scene), byte: offset(in: scene).map { $0 + 1 },
      point: point(in: scene, of: draft), silence: silence)
    // A silence is there as soon as everything before it has gone out.
    planned.isEnd = isOfEnd && silence == .none
    return planned
  }

  /// Whether it happens at the end of what goes out.
  private var isOfEnd: Bool {
    let type = type(of: fault)
    return type.kind == .cut || fault.effect == .endsChunked || type.happensAtEnd
  }

  private func point(in scene: FaultScene, of draft: Draft) -> MessageFault.Point {
    if isOfEnd { return .end }
    switch place {
    case .head(.before): return .start
    case .head(.inside): return .headPart
    case .head(.after): return .head
    case .everywhere where start(in: scene) == nil: return .head
    case .everywhere, .body, .event:
      let isTime = type(of: fault).kind == .time
      // What is inserted at a place begins behind the byte before it.
      let after = if isTime, case .body(_, let isAfter) = place { isAfter } else { !isTime }
      let position = draft.position(of: start(in: scene) ?? 0, after: after)
      return isTime ? .before(position) : .with(position)
    }
  }

  private var silence: FaultReach.Silence {
    guard fault.isSilent else { return .none }
    return type(of: fault).takes == .rest || type(of: fault).kind == .cut ? .fromThere : .there
  }
}
