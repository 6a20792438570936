package import Cassettes
package import Judging
package import Units

/// One case as a client gets it.
package struct ClientVisit: Sendable {
  /// The base URL, with the directives of the case.
  package var baseURL: String

  /// The id of the case.
  package var caseID: String

  /// Where the client may say what it delivered.
  package var outcomeURL: String

  /// The recorded request, for a client that makes it itself.
  package var request: RecordedRequest

  /// When the client is ended.
  package var clock: CaseClock
}

/// What became of a visit, as far as the client's own side of it goes.
package struct ClientAccount: Sendable {
  /// What the client delivered, and what it believes.
  package var delivered: Delivered

  /// How much of it had come when.
  package var marks: [(at: Instant, bytes: Int)]

  /// When the client had ended, or had answered.
  package var end: Instant

  /// The last of what it said beside: its standard error.
  package var said: [UInt8]

  /// Why this says nothing of the client, or nil.
  package var failure: String?

  /// Creates an account.
  package init(
    delivered: Delivered, marks: [(at: Instant, bytes: Int)] = [], end: Instant = .now(),
    said: [UInt8] = [], failure: String? = nil
  ) {
    self.delivered = delivered
    self.marks = marks
    self.end = end
    self.said = said
    self.failure = failure
  }
}

/// A client that is judged; each job has its own.
package protocol TortureClient {
  /// Lets the client do one case, and waits until it has, as long as the visit's clock says.
  ///
  /// - Throws: where no case can be run at all, as where its program does not exist.
  mutating func visit(_ visit: ClientVisit) throws(ClientError) -> ClientAccount
}

/// Why a client cannot be run at all.
package struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence: what is wrong, and what to do.
  package var description: String

  /// Whether its program does not exist.
  package var isMissing = false

  /// Creates an error with its sentence.
  package init(_ description: String, isMissing: Bool = false) {
    self.description = description
    self.isMissing = isMissing
  }

  /// What it says where the system does not start a program.
  init(starting name: String, _ error: SystemError) {
    self.init(
      "cannot run '\(name)': \(error): give a program that exists and can be executed behind '--'",
      isMissing: true)
  }
}
