package import Cassettes
package import Judging
package import Units

/// One attempt as a session remembers it.
package struct SessionTry: Sendable {
  /// Where an attempt is remembered.
  package struct Place: Hashable, Sendable {
    let session: String
    let request: SessionStore.RequestKey
    /// A number that no other attempt has: a session may be forgotten, and begin anew.
    let serial: Int
  }

  /// How many body bytes had gone out at a moment.
  package struct Write: Hashable, Sendable {
    let at: Instant
    let bytes: Int

    /// Creates a note of a write.
    package init(at: Instant, bytes: Int) {
      self.at = at
      self.bytes = bytes
    }
  }

  /// How an answer ended.
  package struct End: Hashable, Sendable {
    /// The status code, or nil where no head went out.
    package var status: Int?
    /// What the answer told of trying again.
    package var wait: Microseconds?
    /// What its `x-should-retry` said.
    package var shouldRetry: Bool?
    /// The events that went out whole.
    package var events: Int
    /// The body bytes that went out.
    package var bytes: Int
    /// How it ended, in the journal's word.
    package var ended: String
    /// Whether a fault acted that can spoil it.
    package var isSpoiled: Bool
    /// Whether all was said, and only the end of the body never comes: the client should leave.
    package var isLingering: Bool

    /// How many body bytes had gone out when, where the deck takes that down.
    package var writes: [Write] = []

    /// Creates an end.
    package init(
      status: Int?, wait: Microseconds?, shouldRetry: Bool?, events: Int, bytes: Int,
      ended: String, isSpoiled: Bool, isLingering: Bool
    ) {
      self.status = status
      self.wait = wait
      self.shouldRetry = shouldRetry
      self.events = events
      self.bytes = bytes
      self.ended = ended
      self.isSpoiled = isSpoiled
      self.isLingering = isLingering
    }
  }

  /// About how many bytes it takes up, beside the notes of its writes.
  static let sizeBytes = 192

  /// About how many bytes the notes of its writes take up.
  private(set) var writesBytes = 0

  let serial: Int
  private(set) var attempt: Attempt
  private var isLingering = false

  init(_ attempt: Attempt, serial: Int) {
    self.attempt = attempt
    self.serial = serial
  }

  /// Takes in when the answer was written, as the times of its session count.
  mutating func note(_ writes: [Write], from begin: Instant) {
    attempt.sent = writes.map { write in
      CaseTimeline.Mark(
        at: Microseconds(saturating: write.at.nanoseconds(since: begin) / 1000), bytes: write.bytes)
    }
    writesBytes = 16 * writes.count
  }

  /// Takes in how the answer ended, or that it goes on after all.
  ///
  /// An answer that fell silent was over then, whoever ends the connection later.
  mutating func end(_ end: End?, at time: Microseconds) {
    if attempt.ended == Self.silent, let over = attempt.over, let end, end.ended != Self.silent {
      if isLingering { attempt.stayed = time - over }
      isLingering = false
      return
    }
    attempt.over = end.map { _ in time }
    attempt.status = end?.status
    attempt.retryAfter = end?.wait
    attempt.shouldRetry = end?.shouldRetry
    attempt.events = end?.events ?? 0
    attempt.bytes = end?.bytes ?? 0
    attempt.ended = end?.ended
    attempt.isSpoiled = end?.isSpoiled ?? false
    isLingering = end?.isLingering ?? false
  }

  private static let silent = "hang"

  /// The attempt as it is at a time: a client that has not left by then stays.
  func attempt(at time: Microseconds) -> Attempt {
    guard isLingering, let over = attempt.over else { return attempt }
    var attempt = attempt
    attempt.stayed = time - over
    return attempt
  }
}

extension SessionStore {
  /// Begins to remember an attempt, where there is room: else the last one makes room for it.
  mutating func begin(
    _ request: RequestKey, in name: String, at moment: Instant, as number: Int,
    noting count: inout Count
  ) {
    guard var session = sessions.removeValue(forKey: name) else { return }
    defer { sessions[name] = session }
    let begin = session.begin ?? moment
    session.begin = begin
    let asked = Microseconds(saturating: moment.nanoseconds(since: begin) / 1000)
    let attempt = Attempt(
      number: number, asked: asked, status: nil, ended: nil)
    let tries = session.attempts[request]?.tries ?? []
    let hasRoom =
      tries.count < Session.attemptLimit && bytes + SessionTry.sizeBytes <= limits.bytes
    guard hasRoom || !tries.isEmpty else { return }
    if let before = tries.last?.attempt(at: asked) {
      count.before = before
      count.waited = before.over.flatMap { $0 <= asked ? asked - $0 : nil }
      if before.hasFailed { count.retried = tries.map { $0.attempt(at: asked) } + [attempt] }
    }
    if hasRoom {
      bytes += SessionTry.sizeBytes
      session.bytes += SessionTry.sizeBytes
    } else {
      session.attempts[request]?.tries.removeLast()
    }
    session.attempts[request]?.tries.append(SessionTry(attempt, serial: nextSerial))
    count.place = SessionTry.Place(session: name, request: request, serial: nextSerial)
    nextSerial += 1
  }

  /// Says how the answer to an attempt ended, or that it goes on after all; what is forgotten stays
  /// so.
  package mutating func end(_ place: SessionTry.Place, _ end: SessionTry.End?, at moment: Instant) {
    guard let begin = sessions[place.session]?.begin,
      let index = sessions[place.session]?.attempts[place.request]?.tries.lastIndex(where: {
        $0.serial == place.serial
      })
    else { return }
    let time = Microseconds(saturating: moment.nanoseconds(since: begin) / 1000)
    sessions[place.session]?.attempts[place.request]?.tries[index].end(end, at: time)
    guard let writes = end?.writes, !writes.isEmpty, bytes + 16 * writes.count <= limits.bytes
    else { return }
    guard var known = sessions[place.session]?.attempts[place.request]?.tries[index] else { return }
    let before = known.writesBytes
    known.note(writes, from: begin)
    sessions[place.session]?.attempts[place.request]?.tries[index] = known
    sessions[place.session]?.bytes += known.writesBytes - before
    bytes += known.writesBytes - before
  }

  /// Takes in what a client says of the answer, which may be the first that is heard of its
  /// session.
  ///
  /// - Throws: where there is no room for it.
  package mutating func note(_ outcome: Delivered, in name: String) throws(MatchingError) {
    let size = { (outcome: Delivered) in
      64 + outcome.text.count + (outcome.error?.utf8.count ?? 0) + (outcome.finish?.utf8.count ?? 0)
    }
    if let before = sessions[name]?.outcome {
      bytes -= size(before)
      sessions[name]?.bytes -= size(before)
      sessions[name]?.outcome = nil
    }
    try admit(name, bytes: size(outcome))
    sessions[name]?.outcome = outcome
  }

  /// The names of all sessions; the unnamed one is "".
  package var names: [String] { Array(sessions.keys) }

  /// What the wire saw of a session, or nil where it was never seen or was forgotten.
  package func observation(of name: String, at moment: Instant) -> SessionObservation? {
    sessions[name]?.observation(at: moment)
  }
}

extension Session {
  /// What the wire saw of it by a time.
  package func observation(at moment: Instant) -> SessionObservation {
    SessionObservation(
      requests: Array(observedRequests(at: moment)), outcome: outcome, misses: missCount,
      refused: refusedCount, at: begin == nil ? nil : time(of: moment))
  }

  /// The requests of the session with their attempts, each put together when it is asked for, so
  /// that not all of many are there at once.
  package func observedRequests(at moment: Instant) -> some Sequence<ObservedRequest> {
    let time = time(of: moment)
    return attempts.values.sorted { $0.place < $1.place }.lazy.map { $0.observed(at: time) }
  }

  /// A moment as the session counts time.
  private func time(of moment: Instant) -> Microseconds {
    begin.map { Microseconds(saturating: moment.nanoseconds(since: $0) / 1000) } ?? .zero
  }
}

extension Session.Request {
  /// The request with its attempts, as they are at a time of its session.
  func observed(at time: Microseconds) -> ObservedRequest {
    ObservedRequest(
      name: "\(line.method) \(line.target)", attempts: tries.map { $0.attempt(at: time) })
  }
}
