internal import Cassettes

/// `disconnect`: the connection closes in the middle.
struct DisconnectFault: Fault {
  static let name = "disconnect"
  static let kind = FaultKind.cut
  static let layer = FaultLayer.tcp
  static let takes = FaultPlace.Taking.point
  static let usage = "disconnect[@place][,mid-chunk]"
  static let summary =
    "The connection closes with FIN before the body is complete; with mid-chunk, inside an HTTP chunk."
  static let example = "disconnect@event:5"
  static let symptoms = [
    FaultSymptom(
      "cut off in the middle", "disconnect@event:12",
      [
        "truncate", "truncated", "truncation", "cut", "fin", "eof", "close", "closed",
        "premature close", "incomplete", "incomplete chunked read", "connection lost",
        "connection closed", "dropped connection", "abort",
      ])
  ]

  private let isMidChunk: Bool

  var layer: FaultLayer { isMidChunk ? .http1 : Self.layer }
  var effect: FaultEffect { isMidChunk ? .endsChunked : .ends }

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    isMidChunk = try arguments.flag("mid-chunk")
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    if isMidChunk { try promise(in: &draft, at: place) }
    draft.cut(at: place, end: .disconnect)
  }

  /// Lets the HTTP chunk that the place is in promise all its bytes; at a boundary, the next one.
  private func promise(
    in draft: inout Draft, at place: ResolvedPlace
  ) throws(DirectiveError) {
    guard draft.message.framing == .chunked, draft.message.status != nil else {
      throw DirectiveError("disconnect: mid-chunk needs an answer in chunked coding")
    }
    guard case .body(let offset, let isAfter) = place else {
      throw DirectiveError("disconnect: mid-chunk needs a place in the body")
    }
    let position = draft.position(of: offset, after: isAfter)
    var start = 0
    for chunk in draft.message.chunks {
      if chunk.end > position {
        let isBoundary = position == start
        draft.message.brokenPromise =
          isBoundary ? .chunk(chunk.end - start) : .rest(chunk.end - position)
        return
      }
      start = chunk.end
    }
    draft.message.brokenPromise = .chunk(1)
  }
}
