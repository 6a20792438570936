internal import Cassettes
internal import HTTP

// When a transfer is given up, and how it ends.
extension Transcript {
  /// What ends a transfer that libcurl would go on with.
  struct Refusal: Equatable {
    /// How the exchange ends.
    var how: Ending.How
    /// Why, in words.
    var detail: String
    /// What it is where no head came, or nil where that is nobody's failure.
    var failure: RecordingFailure?

    static func malformed(_ detail: String) -> Refusal {
      Refusal(how: .malformed, detail: detail, failure: .malformed)
    }

    static func cancelled(_ detail: String) -> Refusal {
      Refusal(how: .cancelled, detail: detail)
    }

    static func timeout(_ detail: String) -> Refusal {
      Refusal(how: .timeout, detail: detail, failure: .silence)
    }

    /// No whole head came.
    static func headless(_ detail: String) -> Refusal {
      Refusal(how: .unreachable, detail: detail, failure: .oversized)
    }

    /// The connection was lost behind a request that must not be sent again.
    static func lost(isReset: Bool) -> Refusal {
      Refusal(
        how: .unreachable,
        detail:
          "the connection was \(isReset ? "reset" : "closed") before an answer came; what the "
          + "server may have read is not sent again",
        failure: isReset ? .reset : .closed)
    }
  }

  /// When the transfer will be given up if nothing more comes, or nil.
  var deadline: Deadline? {
    let whole = options.maxTime.map { Deadline(.recording, of: $0, since: started) }
    guard let quiet = quietDeadline else { return whole }
    guard let whole, whole.at <= quiet.at else { return quiet }
    return whole
  }

  private var quietDeadline: Deadline? {
    // Whoever takes nothing cannot complain that nothing comes.
    guard pausedAt == nil else { return nil }
    if hasHead, let last = lastReceived {
      return Deadline(.silence, of: options.idleTimeout, since: max(last, resumedAt))
    }
    return lastSent.map {
      Deadline(.head, of: options.firstByteTimeout, since: max($0, resumedAt))
    }
  }

  /// Ends a transfer that libcurl ended.
  mutating func finish(_ outcome: TransferOutcome, now: Int64) {
    if let refusal { return finish(refusal, now: now) }
    // libcurl lost the connection behind the request, and no other came about.
    if sentOnce.isSpent, !stream.isUnprocessed, redirect == nil, !hasHead, outcome.isOfConnecting {
      return finish(.lost(isReset: false), now: now)
    }
    // Where libcurl follows no further, the redirect is the answer: it leads to another scheme (1),
    // to what is no URL (3), or on without end (47).
    let isUnfollowed = redirect != nil && [1, 3, 47].contains(outcome.code)
    if let head = redirect, isUnfollowed || [0, 18, 56].contains(outcome.code) {
      emit(head, now: now)
    }
    var outcome = outcome
    if case .h2 = framing { outcome.stream = stream }
    outcome.shortage = shortage
    let failure = outcome.failure(hasHead: hasHead)
    var ending = outcome.ending(hasHead: hasHead, at: offset(now))
    if isUnfollowed {
      ending.how = .complete
      ending.detail =
        "the redirect was not followed, and its body was not read: \(ending.detail ?? "")"
    }
    end(ending, failure, now: now)
  }

  /// Ends a transfer that was given up.
  mutating func finish(_ refusal: Refusal, now: Int64) {
    let stage: Ending.Stage? = refusal.how == .unreachable ? .request : nil
    end(
      Ending(how: refusal.how, stage: stage, detail: refusal.detail, at: offset(now)),
      hasHead ? nil : refusal.failure, now: now)
  }

  /// Why a body that libcurl took for whole is not as long as its head says, or nil: libcurl
  /// ignores a length that it cannot count to.
  private var shortage: String? {
    guard case .length(let length) = framing, length != bodyBytes else { return nil }
    return "the connection was closed after \(bodyBytes) bytes of the declared length"
  }

  private mutating func end(_ ending: Ending, _ failure: RecordingFailure?, now: Int64) {
    noteSent(now)
    resume(now: now)
    if let time = trailersAt, !section.fields.isEmpty {
      append(.trailers(Trailers(fields: section.fields, at: offset(time))))
    }
    append(.ended(ending, failure: failure))
  }
}
