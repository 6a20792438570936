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

  /// What a client is called by where it does not work at all.
  package var words = ClientWords()

  /// The most cases of one run.
  package static let caseLimit = 1_000_000

  /// Creates options with every default.
  package init() {}
}

/// How a kind of client gets its base URL, and how it tells of itself, for whoever made one that
/// does not work at all.
package struct ClientWords: Hashable, Sendable {
  /// Where its base URL is, as a clause.
  package var address: String
  /// What it does with its text: "it printed 'Hel'".
  package var delivered: String
  /// How it says what went wrong: "and on standard error 'status 404'".
  package var said: String

  /// Creates the words for a kind of client; by default for a command.
  package init(
    address: String =
      "its base URL is in ANTHROPIC_BASE_URL, OPENAI_BASE_URL, GOOGLE_GEMINI_BASE_URL and "
      + "TAPEDECK_URL",
    delivered: String = "printed", said: String = "on standard error"
  ) {
    self.address = address
    self.delivered = delivered
    self.said = said
  }
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
