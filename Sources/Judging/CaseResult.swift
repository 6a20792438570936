package import Cassettes
package import Planning

/// What a case is, what a client did with it, and what that is called.
package struct CaseResult: Hashable, Sendable {
  /// The case's id, which never changes: `cut/disconnect/event-12`.
  package var id: String
  /// The case in plain words: "The connection drops in the middle of the text".
  package var title: String
  /// The faults, as a user writes them, separated by `;`; empty for none.
  package var fault: String
  /// What the expectation rests on: `RFC 9112, 8`.
  package var clause: String
  /// The cassette, as it is named in a directive.
  package var cassette: String
  /// The exchange in it, from 1.
  package var exchange: Int
  /// What a client can know on its first attempt.
  package var expect: Plan.Expectation.Outcome
  /// What a right client does, as one sentence.
  package var expectation: String
  /// The verdicts.
  package var judgement: Judgement
  /// How many requests the client made.
  package var attempts: Int
  /// The client's exit code, or 128 and a signal; nil where it did not end by itself.
  package var exit: Int32?
  /// The command that runs the case once more.
  package var reproduce: String
  /// What happened when.
  package var timeline: CaseTimeline

  /// The first part of the id: `cut`.
  package var family: String { String(id.prefix { $0 != "/" }) }

  /// Creates a result from its parts.
  package init(
    id: String, title: String, fault: String, clause: String, cassette: String, exchange: Int,
    expect: Plan.Expectation.Outcome, expectation: String, judgement: Judgement, attempts: Int,
    exit: Int32?, reproduce: String, timeline: CaseTimeline = CaseTimeline()
  ) {
    self.id = id
    self.title = title
    self.fault = fault
    self.clause = clause
    self.cassette = cassette
    self.exchange = exchange
    self.expect = expect
    self.expectation = expectation
    self.judgement = judgement
    self.attempts = attempts
    self.exit = exit
    self.reproduce = reproduce
    self.timeline = timeline
  }
}

/// What was planned, sent and delivered when, from the first request of a case.
package struct CaseTimeline: Hashable, Sendable {
  /// Some bytes at a time.
  package struct Mark: Hashable, Sendable {
    package var at: Microseconds
    package var bytes: Int

    /// Creates a mark.
    package init(at: Microseconds, bytes: Int) {
      self.at = at
      self.bytes = bytes
    }
  }

  /// One attempt; its times are from the first request of the case.
  package struct Lane: Hashable, Sendable {
    /// What the wire saw of it.
    package var attempt: Attempt
    /// The body bytes as they were planned.
    package var planned: [Mark]
    /// The body bytes as they were sent.
    package var sent: [Mark]
    /// Where a fault acts: when, the body byte that was sent last before it, and the fault.
    package var faults: [FaultMark]
    /// Body bytes around the first fault's place, for a reader, and how many of them stand before
    /// that place.
    package var excerpt: [UInt8]
    package var excerptPlace: Int

    /// Creates a lane.
    package init(
      attempt: Attempt, planned: [Mark] = [], sent: [Mark] = [], faults: [FaultMark] = [],
      excerpt: [UInt8] = [], excerptPlace: Int = 0
    ) {
      self.attempt = attempt
      self.planned = planned
      self.sent = sent
      self.faults = faults
      self.excerpt = excerpt
      self.excerptPlace = excerptPlace
    }
  }

  /// Where a fault acts.
  package struct FaultMark: Hashable, Sendable {
    package var at: Microseconds
    package var byte: Int?
    package var fault: String

    /// Creates a mark.
    package init(at: Microseconds, byte: Int?, fault: String) {
      self.at = at
      self.byte = byte
      self.fault = fault
    }
  }

  /// The attempts, in order.
  package var lanes: [Lane]
  /// What the client delivered when; empty where only its end is known.
  package var delivered: [Mark]
  /// When the client had ended, or had answered.
  package var end: Microseconds

  /// Creates a timeline.
  package init(lanes: [Lane] = [], delivered: [Mark] = [], end: Microseconds = .zero) {
    self.lanes = lanes
    self.delivered = delivered
    self.end = end
  }
}

/// What a client did with all cases of a run.
package struct TortureReport: Hashable, Sendable {
  /// The client, as its command is written, or a name for it.
  package var client: String
  /// The cases that were run, in the order in which they were planned.
  package var results: [CaseResult]
  /// How many cases were left out for want of time.
  package var leftOut: Int
  /// How long the run took.
  package var took: Microseconds
  /// The version of the program.
  package var version: String

  /// The cases with which the client did wrong.
  package var wrong: [CaseResult] { results.filter(\.judgement.isWrong) }

  /// Creates a report.
  package init(
    client: String, results: [CaseResult], leftOut: Int = 0, took: Microseconds = .zero,
    version: String = TapedeckVersion.current
  ) {
    self.client = client
    self.results = results
    self.leftOut = leftOut
    self.took = took
    self.version = version
  }
}
