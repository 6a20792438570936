package import Cassettes
package import Judging
package import Planning

/// One way in which a stream breaks, or is unusual, and what a right client does with it.
package struct TortureCase: Hashable, Sendable {
  /// What never changes, and no other case of the exchange has: `cut/disconnect/event-12`.
  ///
  /// With the cassette in front, as in `anthropic-text/cut/disconnect/event-12`, a user chooses the
  /// case of one cassette.
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

  /// How long the deck itself needs for all attempts that differ, at the least.
  package var takes: Microseconds

  /// Whether an answer never ends, so that the client has to: by its own timeout, or by that of the
  /// case.
  package var isEndless: Bool

  /// The first part of the id: `cut`.
  package var family: String { String(id.prefix { $0 != "/" }) }

  /// Creates a case.
  package init(
    id: String, title: String, clause: String, cassette: String, exchange: Int,
    faults: [FaultSpec], pace: Pace = .instant, expected: Expected, takes: Microseconds = .zero,
    isEndless: Bool = false
  ) {
    self.id = id
    self.title = title
    self.clause = clause
    self.cassette = cassette
    self.exchange = exchange
    self.faults = faults
    self.pace = pace
    self.expected = expected
    self.takes = takes
    self.isEndless = isEndless
  }
}
