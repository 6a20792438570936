internal import Cassettes

/// `trailing`: bytes behind the last event.
struct TrailingFault: Fault {
  static let name = "trailing"
  static let kind = FaultKind.cut
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let happensAtEnd = true
  static let usage = "trailing[:SIZE]"
  static let summary = "That many bytes follow the last event."
  static let example = "trailing:100B"
  static let symptoms = [
    FaultSymptom(
      "bytes after the end", "trailing:64B",
      ["garbage", "junk", "extra bytes", "garbage at the end"])
  ]

  private let size: Int

  var addedBytes: Int { size }

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = arguments.next() ?? "100B"
    size = try Quantity.size(text)
    guard (1...PlanLimits.addedBytes).contains(size) else {
      throw arguments.unfit(text, "a size from 1B to \(PlanLimits.addedBytes >> 20)MiB")
    }
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    try PlanLimits.check(
      wireBytes: draft.message.body.count + size, limit: draft.content.limitBytes)
    let end = scene.exchange.body.count
    draft.message.body += [UInt8](repeating: UInt8(ascii: "x"), count: size)
    draft.offsets.append(size, from: end..<end)
    draft.message.chunks.append(Chunk(end: draft.message.body.count, at: draft.message.endAt))
    if case .length(let count) = draft.message.framing {
      // What a recording declares can be any number.
      draft.message.framing = .length(Int64(clamping: Int128(count) + Int128(size)))
    }
  }
}
