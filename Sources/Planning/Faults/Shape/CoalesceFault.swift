internal import Cassettes

/// `coalesce`: a proxy that joins what comes close together.
struct CoalesceFault: Fault {
  static let name = "coalesce"
  static let kind = FaultKind.shape
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.rest
  static let usage = "coalesce[:N][@place]"
  static let summary = "From there on N chunks are sent as one, when the last of them is due."
  static let example = "coalesce:4"
  static let symptoms = [
    FaultSymptom(
      "many events come in one read", "coalesce:5",
      ["batch", "batching", "merged", "nagle", "joined", "several events"])
  ]

  private let count: Int

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    count = try Quantity.ordinal(arguments.next() ?? "4")
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    guard let (position, _) = draft.start(of: place) else { return }
    let index = draft.split(at: position)
    let old = draft.message.chunks[index...]
    let joined = stride(from: old.startIndex, to: old.endIndex, by: count).map { start in
      old[min(old.endIndex - start, count) + start - 1]
    }
    draft.rechunk(from: index, into: joined)
  }
}
