internal import Cassettes
internal import Judging
internal import LosslessJSON
internal import Matching
internal import Planning
internal import Redaction

extension JournalEntry {
  /// The entry as a reader sees it, without what authenticates.
  func json(number: Int, by rules: RedactionRules) -> JSONValue {
    func redacted(_ text: String) -> String { Redactor.redact(text: text, by: rules) }
    var members: [JSONValue.Member] = [
      .init("id", .number(number)),
      .init("at", .string(Timestamp.rfc3339(microsecondsSince1970: at))),
      .init("session", Self.text(session.map(redacted))),
      .init("attempt", Self.number(attempt?.number)),
      .init("attempt_from", Self.text(attempt?.source.rawValue)),
      .init("method", Self.text(method)),
      .init("path", Self.text(target.map { Redactor.redact(target: $0, by: rules) })),
      .init("status", Self.number(status)),
      .init("exchange", (choice?.exchange ?? recorded).map(Self.exchange) ?? .null),
      .init("match", Self.text(choice?.match.rawValue)),
      .init("miss", Self.text(refusal.map(redacted))),
      .init("miss_detail", missDetail.map { Self.miss($0, redacted) } ?? .null),
      .init("directives", .array(directives.map { .string(redacted($0)) })),
      .init(
        "faults",
        .array(
          faults.map { fault in
            .object([
              .init("fault", .string(redacted(fault.asked.description))),
              .init("byte", Self.number(fault.byte)),
            ])
          })),
      .init("notes", .array(said.map { .string(redacted($0)) })),
      .init("bytes", Self.number(delivery?.bytes)),
      .init("events", Self.number(delivery?.events)),
      .init("ended", Self.text(delivery?.ended.word)),
      .init("lateness_us", Self.number(delivery.map { $0.latenessNanoseconds / 1000 })),
      .init("asked_ms", Self.number(conduct?.asked.map { $0.count / 1000 })),
      .init("waited_ms", Self.number(conduct?.waited.map { $0.count / 1000 })),
      .init("conduct", Self.text(conduct?.verdict.rawValue)),
      .init("reproduce", Self.text(reproduction.map(redacted))),
    ]
    if let limit {
      members.append(.init("limit", limit.json(queued: delivery?.queuedNanoseconds)))
    }
    if let upstream {
      members.append(.init("upstream", .string(Redactor.redact(url: upstream, by: rules))))
    }
    return .object(members)
  }

  /// What a person should know.
  private var said: [String] {
    let unreached = unreachedFaults.map {
      "\($0.asked) did not fire: \(AskedFaults.Silence.unreached)"
    }
    return notes + (choice?.notes ?? []) + unreached
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

  /// The directives that replay exactly this answer: they leave nothing to matching, to counting,
  /// to the deck's flags or to chance, but for chance that a seed decides.
  private var reproduction: String? {
    guard let attempt else { return nil }
    if let refused = limit?.reproduction(attempt: attempt.number) { return refused.description }
    var directives = Directives()
    guard let choice else {
      guard let recorded else { return nil }
      directives.cassette = recorded.cassette
      directives.exchange = recorded.number
      directives.faults = []
      return directives.description
    }
    directives.session = choice.needsSession ? session : nil
    directives.cassette = choice.exchange.cassette
    directives.exchange = choice.exchange.number
    directives.pace = choice.pace
    directives.seed = choice.seed
    directives.attempt = attempt.number
    directives.faults = choice.faults.map(\.pinned)
    return directives.description
  }

  private static func exchange(_ name: ExchangeName) -> JSONValue {
    .object([
      .init("cassette", .string(name.cassette)), .init("number", .number(name.number)),
      .init("id", .string(name.id)),
    ])
  }

  private static func miss(
    _ detail: MissDetail, _ redacted: (String) -> String
  ) -> JSONValue {
    .object([
      .init("nearest", detail.nearest.map(exchange) ?? .null),
      .init(
        "differences",
        .array(
          detail.differences.map { difference in
            .object([
              .init("at", .string(redacted(difference.at))),
              .init("recorded", text(difference.recorded.map(redacted))),
              .init("asked", text(difference.asked.map(redacted))),
            ])
          })),
      .init("more", .number(detail.more)),
      .init("suggestion", text(detail.suggestion)),
      .init("command", text(detail.command.map(redacted))),
    ])
  }

  private static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

  private static func number(_ value: (some BinaryInteger)?) -> JSONValue {
    if let value { .number(value) } else { .null }
  }
}
