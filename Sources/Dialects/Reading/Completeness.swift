/// Whether a message is whole.
public enum Completeness: Hashable, Sendable {
  case complete
  /// It is not: the reason, as a clause such as `no message_stop came`.
  case incomplete(String)

  /// Why the message is not whole; nil where it is.
  public var reason: String? {
    if case .incomplete(let reason) = self { reason } else { nil }
  }
}
