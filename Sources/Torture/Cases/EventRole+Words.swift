internal import Dialects

extension EventRole {
  /// What an event of the role is called where it is the only one, or is told of alone.
  var noun: String {
    switch self {
    case .opening: "the first event"
    case .text: "a piece of the text"
    case .thinking: "a piece of the thinking"
    case .toolStart: "the start of a tool call"
    case .toolArguments: "a piece of a tool call's arguments"
    case .toolEnd: "the end of a tool call"
    case .blockStart: "the start of a block"
    case .blockEnd: "the end of a block"
    case .keepAlive: "a ping"
    case .finish: "the event with the stop reason"
    case .usage: "the event with the usage"
    case .terminal: "the event that ends the message"
    case .other(let name): "an event of the type \(name)"
    }
  }

  /// What all events of the role make up together, where there are several of them.
  var whole: String? {
    switch self {
    case .text: "the text"
    case .thinking: "the thinking"
    case .toolArguments: "a tool call's arguments"
    default: nil
    }
  }
}
