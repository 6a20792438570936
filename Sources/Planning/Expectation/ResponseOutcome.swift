internal import HTTP

/// How an answer ended for the client.
enum ResponseOutcome: Equatable {
  case complete
  /// It did not end as its framing says it must; why, as a clause.
  case broken(String)

  /// - Parameters:
  ///   - response: What the client got out of the bytes that came.
  ///   - ending: What came behind them.
  init(of response: ResponseReader, ending: Plan.Ending) {
    switch (response.missing, ending) {
    case (nil, .complete): self = .complete
    case (nil, .disconnect):
      self = response.isSelfDelimited ? .complete : .broken("the connection closed")
    case (nil, .reset): self = .broken("the connection was reset")
    case (nil, .hang): self = response.isSelfDelimited ? .complete : .broken("the body never ends")
    case (let what?, .hang): self = .broken("nothing more comes: \(what)")
    case (let what?, .reset): self = .broken("the connection was reset: \(what)")
    case (let what?, _): self = .broken(what)
    }
  }
}
