internal import Cassettes

/// Judges how a client behaved towards the server, by what the wire saw.
///
/// An attempt is a retry where the one before it failed: it had another status than 2xx, ended
/// otherwise than well, or was spoiled by a fault. Who asks the same again after a good answer, or
/// while another one is under way, does not retry.
package struct ConductJudge: Sendable {
  /// Statuses with which another try of the same request fails as well.
  private static let fatal: Set<Int> = [400, 401, 403, 404, 413, 422]

  /// Where conduct begins to be wrong.
  package var limits: ConductLimits

  /// Creates a judge.
  package init(limits: ConductLimits = ConductLimits()) { self.limits = limits }

  /// The worst finding on the requests of a session.
  package func finding(on requests: [ObservedRequest]) -> Finding<ConductVerdict> {
    requests.map(finding(on:)).min { Self.rank($0.verdict) < Self.rank($1.verdict) }
      ?? Finding(.ok, "")
  }

  /// The finding on one request and all its attempts: the worst of what there is.
  package func finding(on request: ObservedRequest) -> Finding<ConductVerdict> {
    let attempts = request.attempts
    let retries = zip(attempts, attempts.dropFirst()).compactMap(Retry.init)
    return retriedFatal(retries) ?? storm(attempts, retries) ?? tooSoon(retries)
      ?? leftOpen(attempts) ?? afterContent(retries) ?? Finding(.ok, "")
  }

  private static func rank(_ verdict: ConductVerdict) -> Int {
    switch verdict {
    case .retriedFatal: 0
    case .retryStorm: 1
    case .retryTooSoon: 2
    case .leftOpen: 3
    case .retriedAfterContent: 4
    case .ok: 5
    }
  }

  private func retriedFatal(_ retries: [Retry]) -> Finding<ConductVerdict>? {
    for retry in retries where retry.before.shouldRetry != true {
      let number = retry.before.number
      if let status = retry.before.status, Self.fatal.contains(status) {
        return Finding(
          .retriedFatal, "tried again after attempt \(number), which was answered with \(status)")
      }
      if retry.before.shouldRetry == false {
        return Finding(
          .retriedFatal,
          "tried again after attempt \(number), whose answer says 'x-should-retry: false'")
      }
    }
    return nil
  }

  private func tooSoon(_ retries: [Retry]) -> Finding<ConductVerdict>? {
    for retry in retries {
      guard let asked = retry.askedWait, retry.waited + limits.slack < asked else { continue }
      return Finding(
        .retryTooSoon,
        "attempt \(retry.after.number) came \(retry.waited.words) after an answer that asked to "
          + "wait \(asked.words)")
    }
    return nil
  }

  private func storm(_ attempts: [Attempt], _ retries: [Retry]) -> Finding<ConductVerdict>? {
    if retries.count >= max(limits.maxAttempts, 1), let last = attempts.last {
      return Finding(
        .retryStorm,
        "made \(attempts.count) attempts within \((last.asked - attempts[0].asked).words), where "
          + "\(limits.maxAttempts) are enough")
    }
    // What the server asks for is not the client's choice.
    let pauses = RetryPauses(retries.filter { $0.askedWait == nil }.map(\.waited))
    guard pauses.isStorm else { return nil }
    return Finding(
      .retryStorm,
      "made \(attempts.count) attempts whose pauses do not grow: \(pauses.words)")
  }

  private func leftOpen(_ attempts: [Attempt]) -> Finding<ConductVerdict>? {
    for attempt in attempts {
      guard let stayed = attempt.stayed, stayed >= limits.leftOpen else { continue }
      return Finding(
        .leftOpen,
        "stayed connected for \(stayed.words) after the answer to attempt \(attempt.number) was "
          + "over or broken")
    }
    return nil
  }

  private func afterContent(_ retries: [Retry]) -> Finding<ConductVerdict>? {
    for retry in retries where retry.before.isGood && retry.before.events > 0 {
      return Finding(
        .retriedAfterContent,
        "tried again after \(retry.before.events) events of the answer to attempt "
          + "\(retry.before.number)")
    }
    return nil
  }
}

/// An attempt that followed a failed one.
struct Retry {
  let before: Attempt
  let after: Attempt

  /// Pairs two attempts, where the second is a retry of the first.
  init?(_ before: Attempt, _ after: Attempt) {
    let isGone = before.ended == "client" || before.over.map { $0 <= after.asked } ?? false
    guard isGone, before.hasFailed else { return nil }
    self.before = before
    self.after = after
  }

  /// How long the client waited.
  ///
  /// One that leaves in the middle may have left before that was noticed, and had the answer's head
  /// before; so its wait counts from its request.
  var waited: Microseconds {
    guard before.ended != "client", let over = before.over else {
      return after.asked - before.asked
    }
    return after.asked - over
  }

  /// How long the answer asked to wait, where it is one that can.
  var askedWait: Microseconds? { before.isGood ? nil : before.retryAfter }
}

/// The pauses between attempts of which the server did not say how long they are to be.
///
/// Growth is told by the largest beside the first, and not from one to the next: with jitter, a
/// pause may be shorter than the one before. So `0.5 s * 2^n`, each up to a quarter or a half
/// shorter, grows; and of random pauses from 0 on, enough are looked at.
struct RetryPauses {
  private let pauses: [Microseconds]

  init(_ pauses: [Microseconds]) { self.pauses = pauses }

  /// Whether there is none worth the name: three in a row below 100 ms which do not double; or four
  /// of which the longest is not a quarter longer than the shortest.
  var isStorm: Bool {
    guard let first = pauses.first, let longest = pauses.max(), let shortest = pauses.min() else {
      return false
    }
    if pauses.count >= 3, longest.count < 100_000 {
      let grows = longest.count >= 20_000 && longest.count >= 2 * first.count
      return !grows
    }
    return pauses.count >= 4 && longest.count * 4 < shortest.count * 5
  }

  /// The first few, for a reader.
  var words: String {
    pauses.prefix(5).map(\.words).joined(separator: ", ") + (pauses.count > 5 ? " ..." : "")
  }
}

extension Attempt {
  /// Whether a client may have reason to try again: the answer is none, has a status other than
  /// 2xx, ended otherwise than well, or was spoiled.
  package var hasFailed: Bool { !isGood || ended != "complete" || isSpoiled }

  /// Whether the status is one of success.
  fileprivate var isGood: Bool { status.map { (200..<300).contains($0) } ?? false }
}
