internal import Cassettes
internal import Judging
internal import Matching
internal import Planning

extension ConductJudge {
  /// What a session's client did wrong, a sentence for each request.
  func wrongs(of observation: SessionObservation, session: String) -> [DeckTally.Told] {
    observation.requests.compactMap { request in
      let finding = finding(on: request)
      guard finding.verdict.isWrong else { return nil }
      return DeckTally.Told(
        session: session,
        message: "\(request.name): \(finding.verdict.rawValue): \(finding.evidence)")
    }
  }
}

extension SessionTry.End {
  /// What the journal says of an answer that ended, and what its head said.
  init(_ delivery: JournalEntry.Delivery, _ head: AnswerHead) {
    self.init(
      status: head.status, wait: head.advice.wait(at: Timestamp.now()),
      shouldRetry: head.advice.shouldRetry, events: delivery.events, bytes: delivery.bytes,
      ended: delivery.ended.word, isSpoiled: delivery.faults.contains(where: \.canSpoil),
      isLingering: delivery.ended == .hang
        && delivery.faults.contains { $0.asked.name == "linger" })
  }
}

extension FiredFault {
  /// Whether a client may have reason to try again since it acted.
  fileprivate var canSpoil: Bool {
    let type = FaultCatalogue.standard.types.first { $0.name == asked.name }
    switch type?.kind {
    case .cut, .content, .answer: return !Self.harmless.contains(asked.name)
    case .grammar, .time, .shape, nil: return false
    }
  }

  /// Faults of those kinds that no client needs to mind.
  private static let harmless: Set<String> = ["ping", "unknown", "header"]
}
