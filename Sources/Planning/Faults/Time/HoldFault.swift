internal import Cassettes

/// `hold`: a proxy that buffers.
struct HoldFault: Fault {
  static let name = "hold"
  static let kind = FaultKind.time
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.rest
  static let usage = "hold[:D|:SIZE][@place]"
  static let summary =
    "From there on bytes are held back for that long, or until that many have gathered."
  static let example = "hold:1s"
  static let symptoms = [
    FaultSymptom(
      "a proxy buffers for some time", "hold:2s",
      [
        "buffer", "buffering", "proxy buffers", "buffering proxy", "nginx", "cloudflare",
        "batching",
      ]),
    FaultSymptom(
      "a proxy buffers until its buffer is full", "hold:4KiB",
      ["buffer", "buffering", "proxy buffers", "buffering proxy", "nginx", "full buffer"]),
  ]

  var isSilent: Bool { true }

  private enum Hold {
    case time(Microseconds)
    case size(Int)
  }

  private let hold: Hold

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = arguments.next() ?? "1s"
    if let time = try? Quantity.duration(text) {
      hold = .time(time)
    } else if let size = try? Quantity.size(text) {
      hold = .size(size)
    } else {
      throw arguments.unfit(text, "a duration like 1s or a size like 4KiB")
    }
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    guard let (position, _) = draft.start(of: place) else { return }
    let index = draft.split(at: position)
    var buffer = Buffer(start: position, hold: hold, endAt: draft.message.endAt)
    for chunk in draft.message.chunks[index...] { buffer.take(chunk) }
    buffer.end()
    draft.rechunk(from: index, into: buffer.sent)
  }

  /// What the proxy holds, and what it has sent.
  private struct Buffer {
    private let hold: Hold
    private let endAt: Microseconds
    private var start: Int
    private var held: Chunk?
    private var deadline = Microseconds.zero
    private(set) var sent: [Chunk] = []

    init(start: Int, hold: Hold, endAt: Microseconds) {
      self.start = start
      self.hold = hold
      self.endAt = endAt
    }

    mutating func take(_ chunk: Chunk) {
      switch hold {
      case .time(let time):
        if let held, chunk.at > deadline {
          sent.append(Chunk(end: held.end, at: deadline))
          self.held = nil
        }
        if held == nil { deadline = min(chunk.at + time, max(endAt, chunk.at)) }
        held = chunk
      case .size(let size):
        held = chunk
        guard chunk.end - start >= size else { return }
        sent.append(chunk)
        start = chunk.end
        held = nil
      }
    }

    /// Sends what is left: at the end of its time, and at the end of the body at the latest.
    mutating func end() {
      guard let held else { return }
      switch hold {
      case .time: sent.append(Chunk(end: held.end, at: deadline))
      case .size: sent.append(Chunk(end: held.end, at: max(endAt, held.at)))
      }
    }
  }
}
