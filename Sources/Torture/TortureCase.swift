package import Judging
package import Planning

/// One way in which a stream breaks, or is unusual, and what a right client does with it.
package struct TortureCase: Hashable, Sendable {
  /// What never changes: `cut/disconnect/event-12`, with the cassette in front where a run has
  /// several: `anthropic-text/cut/disconnect/event-12` is how a user chooses one of them.
  package var id: String

  /// The case in plain words: "The connection drops in the middle of the text".
  package var title: String

  /// What the expectation rests on: `RFC 9112, 8`.
  package var clause: String

  /// The cassette, as the directive `cassette` names it.
  package var cassette: String

  /// The exchange in it, from 1.
  package var exchange: Int

  /// The faults.
  package var faults: [FaultSpec]

  /// The pace of the answer.
  package var pace: Pace

  /// What a right client does.
  package var expected: Expected

  /// The first part of the id: `cut`.
  package var family: String { String(id.prefix { $0 != "/" }) }

  /// Creates a case.
  package init(
    id: String, title: String, clause: String, cassette: String, exchange: Int,
    faults: [FaultSpec], pace: Pace = .instant, expected: Expected
  ) {
    self.id = id
    self.title = title
    self.clause = clause
    self.cassette = cassette
    self.exchange = exchange
    self.faults = faults
    self.pace = pace
    self.expected = expected
  }
}
