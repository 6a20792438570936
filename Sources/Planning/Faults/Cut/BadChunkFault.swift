internal import Cassettes

/// `bad-chunk`: the chunked coding is broken.
struct BadChunkFault: Fault {
  static let name = "bad-chunk"
  static let kind = FaultKind.shape
  static let layer = FaultLayer.http1
  static let takes = FaultPlace.Taking.bodyPoint
  static let usage = "bad-chunk[@place]"
  static let summary = "An invalid chunk-size line is sent, and then FIN."
  static let example = "bad-chunk@event:5"
  static let symptoms = [
    FaultSymptom(
      "broken HTTP framing", "bad-chunk@event:12",
      [
        "malformed", "malformed chunk", "protocol error", "invalid chunk", "bad framing",
        "chunked",
      ])
  ]

  var effect: FaultEffect { .endsChunked }

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard draft.message.status != nil else {
      throw DirectiveError("bad-chunk: the recording has no answer")
    }
    draft.message.framing = .chunked
    draft.cut(at: place, end: .malformed)
  }
}
