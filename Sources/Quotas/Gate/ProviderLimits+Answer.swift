package import Dialects

/// What a request is told that limits refuse.
extension ProviderLimits {
  /// What refused a request, as it was written.
  package func name(of refusal: LimitRefusal) -> String {
    switch refusal.cause {
    case .quota(let number, _, _), .line(let number): "\(limits[number])"
    case .outage(let number): "outage \(outages[number])"
    }
  }

  /// The error of the API that was asked: its status, when to come again, and one sentence.
  package func error(for refusal: LimitRefusal, _ shape: LimitShape) -> APIError {
    APIError(
      status: status(of: refusal, shape), message: "tapedeck: \(message(of: refusal))",
      retryAfter: refusal.isForGood ? nil : .nanoseconds(refusal.wait ?? Self.linePause))
  }

  /// When a request may come again for which nobody knows when there will be room.
  private static let linePause: Int64 = 1_000_000_000

  /// A client that has used up what is its own gets 429; where all share, the provider has too
  /// much to do.
  private func status(of refusal: LimitRefusal, _ shape: LimitShape) -> Int {
    switch refusal.cause {
    case .quota(let number, _, _): limits[number].status ?? 429
    case .line(let number):
      limits[number].status ?? (limits[number].scope == .all ? shape.overloadedStatus : 429)
    case .outage(let number): outages[number].status ?? shape.overloadedStatus
    }
  }

  private func message(of refusal: LimitRefusal) -> String {
    switch refusal.cause {
    case .quota(let number, let needs, let left) where refusal.isForGood:
      "this request needs \(needs), and the limit \(limits[number]) never has more than its amount "
        + "(\(left) now): send less at a time"
    case .quota(let number, let needs, let left):
      "this request exceeds the limit \(limits[number]): it needs \(needs), and \(left) are left"
    case .line(let number):
      "this request exceeds the limit \(limits[number]): all places are taken, and no room is left "
        + "to wait for one"
    case .outage(let number): "the provider is down: outage \(outages[number])"
    }
  }
}
