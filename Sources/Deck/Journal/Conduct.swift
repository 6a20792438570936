internal import Cassettes
internal import Judging
internal import Matching

/// How a client behaves with a request, as far as the attempts before and this one show it.
struct Conduct: Sendable {
  /// Under what the session remembers the attempt, or nil where it does not.
  let place: SessionTry.Place?

  /// How long the answer before told the client to wait.
  let asked: Microseconds?

  /// How long the client waited after that was over, or nil where that is not known.
  let waited: Microseconds?

  /// What is to be said of it.
  let verdict: ConductVerdict

  /// Judges what a session has counted with a request.
  init(_ count: SessionStore.Count, of line: RequestLine, by limits: ConductLimits) {
    place = count.place
    asked = count.before?.retryAfter
    waited = count.waited
    guard !count.retried.isEmpty else {
      verdict = .ok
      return
    }
    let request = ObservedRequest(
      name: "\(line.method) \(line.target)", attempts: count.retried)
    verdict = ConductJudge(limits: limits).finding(on: request).verdict
  }
}
