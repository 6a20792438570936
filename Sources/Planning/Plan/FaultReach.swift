/// How far an answer has come when a fault has happened: what a client leaves before never did.
package struct FaultReach: Hashable, Sendable {
  /// On what of the wire an answer is silent on purpose.
  package enum Silence: Hashable, Sendable {
    case none
    /// From its place to the next byte.
    case there
    /// From its place on.
    case fromThere
  }

  /// How many bytes of the wire have gone out by then.
  package var wireBytes = 0

  /// Whether only the end of the answer shows it.
  package var isEnd = false

  /// Where it holds the answer.
  package var silence = Silence.none

  /// Whether it has happened to an answer of which so much has gone out, and which has ended or
  /// not.
  package func isReached(by wireBytes: Int, hasEnded: Bool) -> Bool {
    wireBytes >= self.wireBytes && (hasEnded || !isEnd)
  }

  /// Whether it holds an answer of which so much has gone out.
  package func holds(at wireBytes: Int) -> Bool {
    switch silence {
    case .none: false
    case .there: wireBytes == self.wireBytes
    case .fromThere: wireBytes >= self.wireBytes
    }
  }
}
