internal import Cassettes

/// `trickle`: a slow line.
struct TrickleFault: Fault {
  static let name = "trickle"
  static let kind = FaultKind.time
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.rest
  static let usage = "trickle[:RATE][@place]"
  static let summary =
    "From there on the body is sent at no more than that rate, in ten pieces a second."
  static let example = "trickle:1KiB%2Fs"
  static let symptoms = [
    FaultSymptom(
      "a slow network", "trickle:100B%2Fs",
      ["slow", "bandwidth", "slow network", "throughput", "mobile network", "slowloris"])
  ]

  private let bytesPerSecond: Int

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    bytesPerSecond = try Quantity.byteRate(arguments.next() ?? "1KiB/s")
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard let (position, start) = draft.start(of: place) else { return }
    let index = draft.split(at: position)
    let size = max(1, bytesPerSecond / 10)
    let count = (draft.message.body.count - position + size - 1) / size
    try PlanLimits.check(chunks: index + count, for: Self.name)
    var old = index
    let pieces = (0..<count).map { piece in
      let before = piece * size
      let end = min(position + before + size, draft.message.body.count)
      while draft.message.chunks[old].end < end { old += 1 }
      let due = start + Self.time(of: before, at: bytesPerSecond)
      return Chunk(end: end, at: max(due, draft.message.chunks[old].at))
    }
    draft.rechunk(from: index, into: pieces)
  }

  /// `bytes / rate`, rounded down to a microsecond.
  private static func time(of bytes: Int, at rate: Int) -> Microseconds {
    Microseconds(saturating: Int64(clamping: Int128(bytes) * 1_000_000 / Int128(rate)))
  }
}
