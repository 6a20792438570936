/// Why a request cannot be matched, in one sentence.
package struct MatchingError: Error, Hashable, Sendable {
  /// What kind of thing is wrong.
  package enum Reason: Hashable, Sendable {
    /// Its directives name what is not served.
    case unknown
    /// More would have to be remembered than the limits let.
    case full
  }

  /// What kind of thing is wrong.
  package var reason: Reason

  /// What is wrong and what to do.
  package var message: String

  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}
