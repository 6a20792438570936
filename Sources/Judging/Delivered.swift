/// What a client says of an answer: what it delivered, and whether it believes that to be all.
package struct Delivered: Hashable, Sendable {
  /// What the client believes of what it delivered.
  package enum Claim: String, Hashable, Sendable {
    /// The answer is whole.
    case complete
    /// The answer is a part, and the client knows it.
    case partial
    /// The answer failed.
    case error
  }

  /// How the client came to its end.
  package enum End: Hashable, Sendable {
    /// It ended by itself, with that exit code.
    case exited(Int32)
    /// A signal ended it that nobody sent on purpose.
    case signaled(Int32)
    /// It was ended when its time was up.
    case timedOut
    /// It answered, and goes on with other cases.
    case answered
  }

  /// The text, as bytes: a client may print what is not UTF-8.
  package var text: [UInt8]

  /// What it believes, or nil where it said nothing.
  package var claim: Claim?

  /// The error that it told of.
  package var error: String?

  /// The reason for the end of the answer that it told of.
  package var finish: String?

  /// How it came to its end.
  package var end: End

  /// Whether it delivered more than is kept.
  package var isCut: Bool

  /// Creates what a client says; by default, that of one that has answered.
  package init(
    text: [UInt8], claim: Claim?, error: String? = nil, finish: String? = nil,
    end: End = .answered, isCut: Bool = false
  ) {
    self.text = text
    self.claim = claim
    self.error = error
    self.finish = finish
    self.end = end
    self.isCut = isCut
  }
}
