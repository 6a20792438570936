package import Cassettes
internal import LosslessJSON
package import Redaction

/// Writes the events of one recording into a spool, from the request to the ending.
///
/// Used from one thread at a time.
package struct SpoolFeeder: ~Copyable {
  private let target: String
  private let rules: RedactionRules
  /// The request as it is known: as it went out, once it has.
  private var request: RecordedRequest
  private var spool: Spool?

  /// Creates a feeder; nothing is written before something has happened.
  ///
  /// - Parameters:
  ///   - target: The cassette that the exchange will be added to.
  ///   - request: What is asked.
  ///   - rules: What is covered in everything that is written.
  package init(target: String, request: RecordedRequest, rules: RedactionRules) {
    self.target = target
    self.request = request
    self.rules = rules
  }

  /// Where the recording is meanwhile, or nil where it is nowhere yet.
  package var path: String? { spool?.path }

  /// Whether the answer says that it is an event stream.
  package var isEventStream: Bool { spool?.isEventStream ?? false }

  /// Creates the spool before anything is sent, so that an answer which cost something is not lost
  /// for want of a place.
  ///
  /// - Throws: Why it cannot be created.
  package mutating func open() throws(CassetteError) {
    spool = try Spool(target: target, request: request, rules: rules)
  }

  /// Writes an event down.
  ///
  /// - Parameter event: What happened.
  /// - Returns: With the ending, the exchange, which `commit` adds to the cassette. It is nil for
  ///   all other events, and where the recording was given up before anything was written.
  /// - Throws: Why it could not be written.
  package mutating func take(_ event: RecordingEvent) throws(CassetteError) -> Exchange? {
    switch event {
    case .sent(let headers, let at):
      request.headers = headers
      request.at = at
      let asPlanned = spool
      try open()
      asPlanned?.discard()
    case .head(let head): try spool?.head(head)
    case .chunk(let bytes, let time): try spool?.chunk(bytes, at: time)
    case .trailers(let trailers): try spool?.trailers(trailers)
    case .marker(let text, let time): try spool?.aside(data: .string(text), at: time)
    case .tick: try spool?.flush()
    case .ended(let ending, _):
      if spool == nil {
        // What was given up before it went out asked nobody anything.
        guard ending.how != .cancelled else { return nil }
        // A refused connection is an answer to test with.
        try open()
      }
      return try spool?.finish(ending)
    }
    return nil
  }

  /// Adds the finished exchange to the cassette, and removes the spool.
  ///
  /// - Parameters:
  ///   - superseded: Exchanges of the cassette in whose place it comes.
  ///   - replaces: Whether the cassette becomes this exchange alone.
  /// - Throws: Why it could not be added; the spool stays, and the error names it.
  package mutating func commit(
    insteadOf superseded: [Exchange] = [], replacing replaces: Bool = false
  ) throws(CassetteError) {
    let finished = spool
    spool = nil
    try finished?.commit(insteadOf: superseded, replacing: replaces)
  }

  /// Removes the spool, and forgets what was recorded.
  package mutating func discard() {
    spool?.discard()
    spool = nil
  }
}
