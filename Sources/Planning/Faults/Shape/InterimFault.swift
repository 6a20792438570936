internal import HTTP

/// `interim`: answers before the answer.
struct InterimFault: Fault {
  static let name = "interim"
  static let kind = FaultKind.shape
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let usage = "interim"
  static let summary = "Answers with status 100 and 103 come before the head. (RFC 9110, 15.2)"
  static let example = "interim"
  static let symptoms = [
    FaultSymptom(
      "informational answers come first", "interim",
      ["100", "103", "100 continue", "early hints", "informational"])
  ]

  var effect: FaultEffect { .editsHead }

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    draft.message.interim += [
      HTTPMessage.InterimHead(status: 100),
      HTTPMessage.InterimHead(status: 103, headers: [HeaderField("link", "</>; rel=preconnect")]),
    ]
  }
}
