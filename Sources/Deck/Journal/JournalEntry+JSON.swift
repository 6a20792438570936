internal import Cassettes
internal import JSON
internal import Planning

extension JournalEntry {
  /// The entry as a reader sees it, without what authenticates.
  func json(number: Int, in library: Library, by rules: RedactionRules) -> JSONValue {
    func redacted(_ text: String) -> String { Redaction.redact(text: text, by: rules) }
    return .object([
      .init("id", .number(number)),
      .init("at", .string(Timestamp.rfc3339(microsecondsSince1970: at))),
      .init("session", Self.text(session.map(redacted))),
      .init("attempt", Self.number(attempt?.number)),
      .init("attempt_from", Self.text(attempt?.source.rawValue)),
      .init("method", Self.text(method)),
      .init("path", Self.text(target.map { Redaction.redact(target: $0, by: rules) })),
      .init("status", Self.number(status)),
      .init("exchange", choice.map { Self.exchange(library.entries[$0.entry]) } ?? .null),
      .init("match", Self.text(choice?.match.rawValue)),
      .init("miss", Self.text(refusal.map(redacted))),
      .init("directives", .array(directives.map { .string(redacted($0)) })),
      .init(
        "faults",
        .array(
          (choice?.faults ?? []).map { fault in
            .object([
              .init("fault", .string(redacted(fault.asked.description))),
              .init("byte", Self.number(fault.byte)),
            ])
          })),
      .init("notes", .array((choice?.notes ?? []).map { .string(redacted($0)) })),
      .init("bytes", Self.number(delivery?.bytes)),
      .init("events", Self.number(delivery?.events)),
      .init("ended", Self.text(delivery?.ended.rawValue)),
      .init("lateness_us", Self.number(delivery.map { $0.latenessNanoseconds / 1000 })),
      .init("reproduce", Self.text(reproduction(in: library).map(redacted))),
    ])
  }

  /// What the request itself asked for, each as it was written.
  private var directives: [String] {
    let segments = prefix.split(separator: "/").map { segment in
      String(segment.hasPrefix("~") ? segment.dropFirst() : segment.dropFirst("%7E".count))
    }
    let fields = header.split(separator: ";").map { field in
      String(field.drop { $0 == " " || $0 == "\t" })
    }
    return segments + fields
  }

  /// The directives that replay exactly this answer: they leave nothing to matching, to counting, to the
  /// deck's flags or to chance, but for chance that a seed decides.
  private func reproduction(in library: Library) -> String? {
    guard let choice, let attempt else { return nil }
    let entry = library.entries[choice.entry]
    var directives = Directives()
    directives.session = choice.needsSession ? session : nil
    directives.cassette = entry.cassette
    directives.exchange = entry.number
    directives.pace = choice.pace
    directives.seed = choice.seed
    directives.attempt = attempt.number
    directives.faults = choice.faults.map(\.pinned)
    return directives.description
  }

  private static func exchange(_ entry: Library.Entry) -> JSONValue {
    .object([
      .init("cassette", .string(entry.cassette)), .init("number", .number(entry.number)),
      .init("id", .string(entry.exchange.request.id)),
    ])
  }

  private static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

  private static func number(_ value: (some BinaryInteger)?) -> JSONValue {
    if let value { .number(value) } else { .null }
  }
}
