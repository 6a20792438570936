internal import Cassettes
internal import Matching
internal import Redaction

/// What may go wrong in a deck's life without any client's noticing.
public enum DeckFailure: String, CaseIterable, Sendable {
  /// A request's directives do not parse, or contradict each other.
  case refused

  /// A fault was asked for by name and never fired.
  case unfired

  /// A request matched no exchange.
  case miss

  /// A request was answered by an exchange with another body.
  case loose

  /// An exchange was not played.
  case unplayed

  /// A recording could not be written.
  case lost

  /// A client tried again too soon, too often or in vain, or left its connection open.
  case conduct
}

extension DeckReport {
  /// What went wrong of the kinds that a user names: a line for each kind, and below it up to 20
  /// lines of what was found.
  public func failures(of kinds: Set<DeckFailure>) -> [String] {
    DeckFailure.allCases.filter(kinds.contains).flatMap { kind in
      let (count, words, found) = self.found(kind)
      return count == 0 ? [] : [words] + found.map { "  \($0)" }
    }
  }

  private func found(_ kind: DeckFailure) -> (count: Int, words: String, found: [String]) {
    switch kind {
    case .refused:
      let words = Self.count(refusedCount, "request was", "requests were")
      return (refusedCount, "\(words) refused for wrong directives:", refused)
    case .unfired:
      return (unfiredCount, "\(Self.count(unfiredCount, "fault", "faults")) never fired:", unfired)
    case .miss:
      let words = Self.count(counts.misses, "request", "requests")
      return (counts.misses, "\(words) matched no exchange:", misses)
    case .loose:
      let words = Self.count(counts.loose, "request", "requests")
      return (counts.loose, "\(words) answered by an exchange with another body:", loose)
    case .unplayed:
      let words = Self.count(unplayedCount, "exchange was", "exchanges were")
      return (unplayedCount, "\(words) not played:", unplayed)
    case .lost:
      return (
        counts.lost, "\(Self.count(counts.lost, "recording is", "recordings are")) lost:", lost
      )
    case .conduct:
      let words = Self.count(conductCount, "request was", "requests were")
      return (conductCount, "\(words) made with wrong conduct:", conduct)
    }
  }

  private static func count(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  /// Takes in what a deck remembers of its life, and what it serves at its end.
  mutating func take(_ tally: DeckTally, _ library: Library) {
    let rules = library.comparison.rules
    let told = { (told: DeckTally.Told) in
      Redactor.redact(text: Self.session(told.session) + told.message, by: rules)
    }
    misses = tally.misses.lines(told)
    refused = tally.refused.lines(told)
    refusedCount = tally.refused.total
    joinedSecrets = tally.joinedSecrets.items.map(\.item)
    lost = tally.lost.lines { Redactor.redact(text: $0, by: rules) }
    loose = tally.loose.lines { loose in
      Redactor.redact(
        text: Self.session(loose.session)
          + "\(loose.line.method) \(loose.line.target) was answered "
          + "by exchange \(loose.exchange.number) of \(loose.exchange.cassette)", by: rules)
    }
    remarks = Self.remarks(counts, tally).map { Redactor.redact(text: $0, by: rules) }
    takeUnfired(tally.asked, rules)
    takeUnplayed(tally, library)
  }

  /// Takes in what clients did wrong towards the server.
  mutating func take(conduct found: FirstFew<DeckTally.Told>, _ rules: RedactionRules) {
    conductCount = found.total
    conduct = found.lines { told in
      Redactor.redact(text: Self.session(told.session) + told.message, by: rules)
    }
  }

  private mutating func takeUnfired(_ asked: AskedFaults, _ rules: RedactionRules) {
    var few = FirstFew<String>()
    for (key, silence) in asked.unfired {
      few.add(Self.session(key.session ?? "") + "\(key.fault): \(silence)")
    }
    unfiredCount = few.total
    unfired = few.lines { Redactor.redact(text: $0, by: rules) }
  }

  private mutating func takeUnplayed(_ tally: DeckTally, _ library: Library) {
    var few = FirstFew<ExchangeName>()
    for cassette in library.cassettes {
      for entry in cassette.entries where entry.origin == .file && !tally.played.contains(entry.id)
      {
        few.add(ExchangeName(entry))
      }
    }
    unplayedCount = few.total
    unplayed = few.lines { "exchange \($0.number) of \($0.cassette)" }
  }

  private static func session(_ name: String) -> String { name.isEmpty ? "" : "session \(name): " }
}
