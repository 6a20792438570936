/// Where the bytes of a body stand among those that go out.
struct WireOffsets {
  private let sends: [Plan.Action]

  /// Behind each part of the head.
  private let headParts: [Int]

  /// How many bytes go out.
  private let count: Int

  init(_ wire: HTTP1Wire) {
    sends = wire.actions.filter { $0.kind == .send }
    headParts = wire.actions.filter { $0.kind == .head }.map(\.wireEnd)
    count = wire.bytes.count
  }

  /// How many bytes have gone out at a point, or nil where that is behind the last of the body.
  func wireBytes(at point: MessageFault.Point) -> Int? {
    switch point {
    case .start: 0
    case .headPart: headParts.first ?? 0
    case .head: headParts.last ?? 0
    case .before(let position): end(ofBody: position)
    case .with(let position): offset(ofBody: position).map { $0 + 1 }
    case .end: count
    }
  }

  /// The offset of a byte of the body, or nil for what is behind its last.
  private func offset(ofBody position: Int) -> Int? {
    var left = position
    for send in sends {
      if left < send.body.count { return send.body.lowerBound + left }
      left -= send.body.count
    }
    return nil
  }

  /// The offset behind the last of what goes out together that is wholly before a byte of the body.
  private func end(ofBody position: Int) -> Int {
    var left = position
    var end = headParts.last ?? 0
    for send in sends {
      guard send.body.count <= left else { break }
      left -= send.body.count
      end = send.wireEnd
    }
    return end
  }

  /// How many bytes go out by which an answer shows something, and whether its end does.
  func reach(of fault: MessageFault, hasEnd: Bool) -> FaultReach {
    let wireBytes = wireBytes(at: fault.point)
    // An answer that never ends shows all there is with its last byte.
    return FaultReach(
      wireBytes: wireBytes ?? count, isEnd: hasEnd && (fault.isEnd || wireBytes == nil),
      silence: fault.silence)
  }
}

extension MessageFault {
  /// The fault of a plan, with how much of the wire has gone out when it has happened.
  func fired(at offsets: WireOffsets, hasEnd: Bool) -> FiredFault {
    FiredFault(
      asked: asked, pinned: pinned, byte: byte, reach: offsets.reach(of: self, hasEnd: hasEnd))
  }
}
