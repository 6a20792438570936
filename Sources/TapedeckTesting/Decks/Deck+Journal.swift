internal import Deck
internal import LosslessJSON
public import Testing

extension Deck {
  /// The requests of the test, oldest first, and what each was answered with.
  ///
  /// What a client has got the last byte of has its end here. An answer that its client gave up is
  /// under way until the deck has noticed that. In a client that is judged the list is empty.
  ///
  /// - Returns: The requests, the newest 10,000 of them.
  public func journal() -> [JournaledRequest] {
    (running?.journal(ofSession: session) ?? []).enumerated().map { place, entry in
      JournaledRequest(entry, number: place + 1)
    }
  }

  /// Records an issue where the client made another number of requests.
  ///
  /// - Parameters:
  ///   - count: How many requests it is to have made by now: 2 after one retry.
  ///   - sourceLocation: Where the issue is recorded.
  public func expectRequests(
    _ count: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let journal = journal()
    guard journal.count != count else { return }
    let words = "expected \(count) \(count == 1 ? "request" : "requests"), found \(journal.count)"
    record(words, journal, sourceLocation)
  }

  /// Records an issue where answers ended in other ways.
  ///
  /// - Parameters:
  ///   - endings: How each answer is to have ended, oldest first, in the journal's words:
  ///     `complete`, `disconnect`, `reset`, `hang`, `client`.
  ///   - sourceLocation: Where the issue is recorded.
  public func expectEndings(
    _ endings: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let journal = journal()
    let found = journal.map { $0.ended ?? "under way" }
    guard found != endings else { return }
    let words =
      "expected answers that end as \(Self.listed(endings)), found \(Self.listed(found))"
    record(words, journal, sourceLocation)
  }

  private static func listed(_ words: [String]) -> String {
    words.isEmpty ? "none" : words.joined(separator: ", ")
  }

  private func record(
    _ words: String, _ journal: [JournaledRequest], _ sourceLocation: SourceLocation
  ) {
    Issue.record(
      Comment(rawValue: JournalWords.text(words, journal)), sourceLocation: sourceLocation)
  }
}

/// A request as the journal of a deck has it, without what authenticates.
public struct JournaledRequest: Hashable, Sendable {
  /// Its number among those of the test, from 1.
  public var number: Int

  /// Which try of the same request it was, from 1, or nil where it was refused before that was
  /// known.
  public var attempt: Int?

  /// The method, or nil where what came was no request.
  public var method: String?

  /// The path and query without directives, or nil where what came was no request.
  public var path: String?

  /// The status of the answer, or nil where no whole head went out.
  public var status: Int?

  /// The cassette that was played or recorded to, or nil where there was none.
  public var cassette: String?

  /// The exchange in it, from 1.
  public var exchange: Int?

  /// How the exchange was found: `exact`, `loose` or `directive`; nil where none was played.
  public var match: String?

  /// Why no exchange was played, or nil where one was.
  public var miss: String?

  /// The faults that fired, as they were written.
  public var faults: [String]

  /// What else is to be known: among others, why a fault did not fire.
  public var notes: [String]

  /// How many bytes of the body went out.
  public var bytes: Int

  /// How many whole events went out.
  public var events: Int

  /// How the answer ended: `complete`, `disconnect`, `reset`, `hang`, `client` or another of the
  /// journal's words; nil while it is under way.
  public var ended: String?

  /// How many milliseconds after the end of the attempt before it came, or nil where that is not
  /// known.
  public var waitedMilliseconds: Int?

  /// How the client behaved: `ok`, `retry-too-soon`, `retry-storm`, `retried-fatal`, `left-open` or
  /// `retried-after-content`; nil where it was refused.
  public var conduct: String?

  /// The directives that play exactly this answer once more, or nil where no exchange was played.
  public var reproduce: String?

  init(_ entry: JSONValue, number: Int) {
    self.number = number
    attempt = entry["attempt"]?.integer
    method = entry["method"]?.text
    path = entry["path"]?.text
    status = entry["status"]?.integer
    cassette = entry["exchange"]?["cassette"]?.text
    exchange = entry["exchange"]?["number"]?.integer
    match = entry["match"]?.text
    miss = entry["miss"]?.text
    faults = (entry["faults"]?.elements ?? []).compactMap { $0["fault"]?.text }
    notes = (entry["notes"]?.elements ?? []).compactMap(\.text)
    bytes = entry["bytes"]?.integer ?? 0
    events = entry["events"]?.integer ?? 0
    ended = entry["ended"]?.text
    waitedMilliseconds = entry["waited_ms"]?.integer
    conduct = entry["conduct"]?.text
    reproduce = entry["reproduce"]?.text
  }
}
