internal import Cassettes

/// `hang`: nothing more comes.
struct HangFault: Fault {
  static let name = "hang"
  static let kind = FaultKind.cut
  static let takes = FaultPlace.Taking.point
  static let usage = "hang[:D][@place]"
  static let summary = "Nothing more comes, for good or for that long; then the connection closes."
  static let example = "hang@head"

  var effect: FaultEffect { .ends }

  private let length: Microseconds?

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    if let text = arguments.next() { length = try Quantity.duration(text) } else { length = nil }
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    draft.cut(at: place, end: length == nil ? .hang : .disconnect)
    if let length { draft.endAt = draft.endAt + length }
  }
}
