internal import Cassettes

/// What a user wants of a deck's life, beside answers.
public struct DeckExpectations: OptionSet, Sendable {
  /// The bits of what is wanted.
  public let rawValue: Int

  /// Creates a set of expectations.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Every request matches an exchange.
  public static let noMiss = DeckExpectations(rawValue: 1)

  /// Every request that is answered has a body that is equal to the recorded one.
  public static let noLoose = DeckExpectations(rawValue: 2)

  /// Every exchange is played.
  public static let noUnplayed = DeckExpectations(rawValue: 4)
}

extension DeckReport {
  /// Why the deck's life was not as it was expected to be, of which a lost recording never is: a line that names each kind, and below it up
  /// to 20 lines of what was found.
  public func failures(of expectations: DeckExpectations) -> [String] {
    var lines: [String] = []
    if expectations.contains(.noMiss), counts.misses > 0 {
      lines.append("\(Self.requests(counts.misses)) matched no exchange:")
      lines += misses.map { "  \($0)" }
    }
    if expectations.contains(.noLoose), counts.loose > 0 {
      lines.append(
        "\(Self.requests(counts.loose)) answered by an exchange with another body:")
      lines += loose.map { "  \($0)" }
    }
    if expectations.contains(.noUnplayed), unplayedCount > 0 {
      lines.append(
        unplayedCount == 1
          ? "1 exchange was not played:" : "\(unplayedCount) exchanges were not played:")
      lines += unplayed.map { "  \($0)" }
    }
    if counts.lost > 0 {
      lines.append(
        counts.lost == 1 ? "1 recording is lost:" : "\(counts.lost) recordings are lost:")
      lines += lost.map { "  \($0)" }
    }
    return lines
  }

  private static func requests(_ count: Int) -> String {
    count == 1 ? "1 request" : "\(count) requests"
  }

  /// Takes in what a deck remembers of its life, and what it serves at its end.
  mutating func take(_ tally: DeckTally, _ library: Library) {
    let rules = library.comparison.rules
    misses = tally.misses.lines { missed in
      Redaction.redact(text: Self.session(missed.session) + missed.message, by: rules)
    }
    lost = tally.lost.lines { Redaction.redact(text: $0, by: rules) }
    loose = tally.loose.lines { loose in
      Redaction.redact(
        text: Self.session(loose.session)
          + "\(loose.line.method) \(loose.line.target) was answered "
          + "by exchange \(loose.exchange.number) of \(loose.exchange.cassette)", by: rules)
    }
    remarks = Self.remarks(counts, tally).map { Redaction.redact(text: $0, by: rules) }
    var few = FirstFew<JournalEntry.ExchangeName>()
    for cassette in library.cassettes {
      for entry in cassette.entries where entry.origin == .file && !tally.played.contains(entry.id)
      {
        few.add(JournalEntry.ExchangeName(entry))
      }
    }
    unplayedCount = few.total
    unplayed = few.lines { "exchange \($0.number) of \($0.cassette)" }
  }

  private static func session(_ name: String) -> String { name.isEmpty ? "" : "session \(name): " }
}
