extension FaultReach {
  /// The same for an answer that may have no end.
  fileprivate func withoutEnd(of draft: Draft) -> FaultReach {
    var reach = self
    if draft.end == .hang { reach.isEnd = false }
    return reach
  }
}

extension PlacedFault {
  /// How far the answer has come when it has happened, by the draft and what became of it.
  func reach(in scene: FaultScene, of draft: Draft, _ wire: WireOffsets) -> FaultReach {
    let type = type(of: fault)
    var reach = FaultReach(silence: silence)
    if type.kind == .cut || fault.effect == .endsChunked || type.happensAtEnd {
      // A silence is there as soon as everything before it has gone out.
      reach.isEnd = silence == .none
      reach.wireBytes = wire.count
      return reach.withoutEnd(of: draft)
    }
    switch place {
    case .head(let side):
      reach.wireBytes =
        switch side {
        case .before: 0
        case .inside: wire.headParts.first ?? 0
        case .after: wire.headEnd
        }
    case .everywhere where start(in: scene) == nil: reach.wireBytes = wire.headEnd
    case .everywhere, .body, .event:
      let isTime = type.kind == .time
      // What is inserted at a place begins behind the byte before it.
      let after = if isTime, case .body(_, let isAfter) = place { isAfter } else { !isTime }
      let position = draft.position(of: start(in: scene) ?? 0, after: after)
      if isTime {
        reach.wireBytes = wire.end(ofBody: position)
      } else if let offset = wire.offset(ofBody: position) {
        reach.wireBytes = offset + 1
      } else {
        (reach.wireBytes, reach.isEnd) = (wire.count, true)
      }
    }
    return reach.withoutEnd(of: draft)
  }

  private var silence: FaultReach.Silence {
    guard fault.isSilent else { return .none }
    return type(of: fault).takes == .rest || type(of: fault).kind == .cut ? .fromThere : .there
  }
}

/// Where the bytes of a body stand among those that go out.
struct WireOffsets {
  private let sends: [Plan.Action]

  /// Behind each part of the head.
  let headParts: [Int]

  /// How many bytes go out.
  let count: Int

  /// Behind the head.
  var headEnd: Int { headParts.last ?? 0 }

  init(_ rendering: Rendering) {
    sends = rendering.actions.filter { $0.kind == .send }
    headParts = rendering.actions.filter { $0.kind == .head }.map(\.wireEnd)
    count = rendering.wire.count
  }

  /// The offset of a byte of the body, or nil for what is behind its last.
  func offset(ofBody position: Int) -> Int? {
    var left = position
    for send in sends {
      if left < send.body.count { return send.body.lowerBound + left }
      left -= send.body.count
    }
    return nil
  }

  /// The offset behind the last of what goes out together that is wholly before a byte of the body.
  func end(ofBody position: Int) -> Int {
    var left = position
    var end = headEnd
    for send in sends {
      guard send.body.count <= left else { break }
      left -= send.body.count
      end = send.wireEnd
    }
    return end
  }
}
