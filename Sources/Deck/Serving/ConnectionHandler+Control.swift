internal import NIOCore
internal import NIOPosix

extension ConnectionHandler {
  /// Answers a request for one of the deck's own pages, which is put together away from the event loop:
  /// a long journal must not make the streams on it late.
  func answerElsewhere(_ request: DeckRequest) {
    guard let loop = context?.eventLoop else { return }
    state = .answering
    let answerer = shared.answerer
    let handler = NIOLoopBound(self, eventLoop: loop)
    NIOThreadPool.singleton.runIfActive(eventLoop: loop) { answerer.respond(to: request) }
      .whenComplete { result in
        guard case .answering = handler.value.state else { return }
        switch result {
        case .success(let response): handler.value.begin(response)
        case .failure: handler.value.abort()
        }
      }
  }
}

extension DeckRequest {
  /// Whether it looks like one for the deck's own pages.
  var isForControl: Bool { target.hasPrefix("/~/") }
}
