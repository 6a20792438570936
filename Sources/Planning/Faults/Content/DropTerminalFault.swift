internal import Dialects
internal import EventStream

/// `drop-terminal`: the event that says that the message is over never comes.
struct DropTerminalFault: Fault {
  static let name = "drop-terminal"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let happensAtEnd = true
  static let usage = "drop-terminal"
  static let summary = "The event that ends the message is left out."
  static let example = "drop-terminal"
  static let symptoms = [
    FaultSymptom(
      "no final event", "drop-terminal",
      [
        "no done", "missing done", "no message stop", "no finish reason", "unfinished",
        "terminal",
      ])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    let terminal = scene.events.indices.filter { scene.dialect.isTerminal(scene.events[$0]) }
    guard !terminal.isEmpty else {
      throw DirectiveError(
        "drop-terminal: the recording has no event that ends a message of dialect "
          + scene.dialect.name)
    }
    for event in terminal { try draft.content.replace(event: event, with: []) }
  }
}
