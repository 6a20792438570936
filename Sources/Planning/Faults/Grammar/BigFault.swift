/// `big`: a very long line.
struct BigFault: Fault {
  static let name = "big"
  static let kind = FaultKind.grammar
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "big[:SIZE][@place]"
  static let summary = "A comment of that size comes before an event."
  static let example = "big:1MiB@event:2"
  static let symptoms = [
    FaultSymptom(
      "a very large event", "big:1MiB@event:3",
      ["huge", "large", "flood", "line too long", "buffer overflow", "memory"])
  ]

  private let size: Int

  var addedBytes: Int { size }

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = arguments.next() ?? "64KiB"
    size = try Quantity.size(text)
    guard (2...PlanLimits.addedBytes).contains(size) else {
      throw arguments.unfit(text, "a size from 2B to \(PlanLimits.addedBytes >> 20)MiB")
    }
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    let comment =
      [UInt8(ascii: ":")] + [UInt8](repeating: UInt8(ascii: " "), count: size - 2)
      + [UInt8(ascii: "\n")]
    let block = try draft.content.bytes(ofEvent: event)
    try draft.content.replace(
      event: event, with: EventBlock.bytes(block, behind: comment, isFirst: event == 0))
  }
}
