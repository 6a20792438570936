/// How a client behaved towards the server, as the wire saw it.
package enum ConductVerdict: String, CaseIterable, Hashable, Sendable {
  /// Nothing is wrong.
  case ok
  /// It tried again before the time that `retry-after` names. (RFC 9110, 10.2.3)
  case retryTooSoon = "retry-too-soon"
  /// It tried again too often, or without growing pauses.
  case retryStorm = "retry-storm"
  /// It tried again after an answer that no other try can change.
  case retriedFatal = "retried-fatal"
  /// It stayed connected after the message was over or broken.
  case leftOpen = "left-open"
  /// It tried again after it had got a part of the answer, which is not wrong.
  case retriedAfterContent = "retried-after-content"

  /// Whether the client did wrong.
  package var isWrong: Bool {
    switch self {
    case .ok, .retriedAfterContent: false
    case .retryTooSoon, .retryStorm, .retriedFatal, .leftOpen: true
    }
  }
}
