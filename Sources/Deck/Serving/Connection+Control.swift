internal import Dispatch

extension Connection {
  /// Answers a request for one of the deck's own pages, which is put together away from the event loop:
  /// a long journal must not make the streams on it late.
  func answerElsewhere(_ request: DeckRequest) {
    guard let id else { return }
    state = .answering
    let answerer = shared.answerer
    let mailbox = shared.mailbox
    // Not a task: where others block the threads of those, the deck still answers.
    DispatchQueue.global().async {
      let response = answerer.respond(to: request)
      mailbox.post { loop in
        guard let connection = loop.scene.connections[id], case .answering = connection.state
        else { return }
        connection.begin(response)
      }
    }
  }
}

extension DeckRequest {
  /// Whether it looks like one for the deck's own pages.
  var isForControl: Bool { target.hasPrefix("/~/") }
}
