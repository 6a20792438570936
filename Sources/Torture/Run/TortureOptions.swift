package import Cassettes
package import Judging

/// How a client is run through cases.
package struct TortureOptions: Sendable {
  /// How many cases are run at a time.
  package var jobs = 2

  /// How long one case may take.
  package var timeout = Microseconds(saturating: 10_000_000)

  /// How long the whole run may take, or nil for as long as it takes.
  package var budget: Microseconds?

  /// What is wrong in how a client behaves towards the server.
  package var conduct = ConductLimits()

  /// How many bytes of text a client may deliver in one case before the rest is dropped.
  package var textLimitBytes = 4 << 20

  /// The most cases of one run.
  package static let caseLimit = 1_000_000

  /// Creates options with every default.
  package init() {}
}

/// How far a run is, each time that a case has ended.
package struct TortureProgress: Sendable {
  /// The result of the case that has ended.
  package var result: CaseResult

  /// How many cases have ended.
  package var done: Int

  /// How many there are.
  package var total: Int
}

/// Why there is no verdict on a client.
package enum TortureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The client does not get an answer right in which nothing is wrong.
  case harness(String)

  /// The client cannot be run.
  case client(ClientError)

  /// The system refuses a thread.
  case system(String)

  /// One sentence.
  package var description: String {
    switch self {
    case .harness(let text), .system(let text): text
    case .client(let error): error.description
    }
  }
}
