internal import Dialects

/// `error`: the API says inside the stream that it failed, and the stream ends well behind that.
struct ErrorFault: Fault {
  static let name = "error"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "error[:TYPE][@place]"
  static let summary = "The dialect's own error event is sent instead of the rest of the stream."
  static let example = "error:overloaded_error@event:5"
  static let symptoms = [
    FaultSymptom(
      "overloaded in the middle", "error@event:12",
      [
        "overloaded", "midstream error", "mid stream error", "error event", "stream error",
        "error in the middle", "api error", "exception",
      ])
  ]
  var effect: FaultEffect { .ends }

  private let errorType: String

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    errorType = arguments.next() ?? "overloaded_error"
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    let said = scene.dialect.errorEvent(type: errorType, message: "tapedeck: \(errorType)")
    try draft.content.end(with: said, beforeEvent: event)
  }
}
