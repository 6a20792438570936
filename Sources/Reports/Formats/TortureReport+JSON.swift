internal import Cassettes
package import Judging
internal import LosslessJSON
internal import Planning

/// Why a text is no report.
package struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was expected, what was found, and what to do.
  package var description: String

  init(_ description: String) { self.description = description }
}

extension TortureReport {
  /// The most bytes of a report that is read: some 50,000 cases.
  package static let limitBytes = 256 << 20

  /// Reads what `torture --json` wrote of one client.
  ///
  /// - Throws: what is not as it should be, in one line without a path.
  package init(json bytes: [UInt8]) throws(ReportError) {
    let reports = try [TortureReport](json: bytes)
    guard let report = reports.first, reports.count == 1 else {
      throw ReportError(
        "expected the report of one client, found those of \(reports.count): "
          + "give the files that they were merged from")
    }
    self = report
  }
}

extension [TortureReport] {
  /// Reads what `torture --json` wrote of one client or several.
  ///
  /// - Throws: what is not as it should be, in one line without a path.
  package init(json bytes: [UInt8]) throws(ReportError) {
    guard bytes.count <= TortureReport.limitBytes else {
      throw ReportError("a report has at most \(TortureReport.limitBytes >> 20) MiB")
    }
    let page: JSONValue
    do {
      // Marks are values, a few hundred in a case.
      page = try JSONValue(parsing: bytes, nesting: 16, values: 16_000_000)
    } catch {
      throw ReportError("expected what torture --json writes, found invalid JSON: \(error)")
    }
    guard let results = page["results"]?.elements, page["cases"] != nil else {
      throw ReportError(
        "expected what torture --json writes, an object with cases and results, found other JSON")
    }
    let clients = page["clients"]?.elements ?? [page]
    self = clients.map { client in
      TortureReport(
        client: client["client"]?.text ?? "client", results: [],
        leftOut: client["left_out"]?.integer.map { Swift.max(0, $0) } ?? 0,
        took: client["took_us"]?.microseconds ?? .zero,
        version: client["version"]?.text ?? "")
    }
    for (place, result) in results.enumerated() {
      let name = result["client"]?.text
      guard let owner = name.map({ name in firstIndex { $0.client == name } }) ?? indices.first
      else { throw ReportError("result \(place + 1): no client of that name is listed") }
      self[owner].results.append(try CaseResult(json: result, number: place + 1))
    }
  }
}

extension CaseResult {
  fileprivate init(json: JSONValue, number: Int) throws(ReportError) {
    func word<Word: RawRepresentable<String>>(_ key: String, _: Word.Type) throws(ReportError)
      -> Word
    {
      let text = try Self.text(key, in: json, number)
      guard let word = Word(rawValue: text) else {
        let found = text.unicodeScalars.prefix(40).filter { $0.value >= 0x20 }.map(String.init)
        throw ReportError("result \(number): \(key) is '\(found.joined())', which is no such word")
      }
      return word
    }
    let conductEvidence = json["conduct_evidence"]?.text ?? ""
    var evidence = try Self.text("evidence", in: json, number)
    if !conductEvidence.isEmpty, evidence.hasSuffix(conductEvidence) {
      evidence.removeLast(conductEvidence.count)
      if evidence.hasSuffix("; ") { evidence.removeLast(2) }
    }
    self.init(
      id: try Self.text("case", in: json, number), title: json["title"]?.text ?? "",
      fault: try Self.text("fault", in: json, number), clause: json["clause"]?.text ?? "",
      cassette: json["cassette"]?.text ?? "", exchange: json["exchange"]?.integer ?? 1,
      expect: try word("expect", Plan.Expectation.Outcome.self),
      expectation: json["expectation"]?.text ?? "",
      judgement: Judgement(
        content: try word("verdict", ContentVerdict.self), contentEvidence: evidence,
        conduct: try word("conduct", ConductVerdict.self), conductEvidence: conductEvidence),
      attempts: json["attempts"]?.integer ?? 0,
      exit: json["exit"]?.integer.flatMap(Int32.init(exactly:)),
      reproduce: try Self.text("reproduce", in: json, number),
      timeline: json["timeline"].map(CaseTimeline.init(json:)) ?? CaseTimeline())
  }

  private static func text(
    _ key: String, in json: JSONValue, _ number: Int
  ) throws(ReportError) -> String {
    guard let text = json[key]?.text else {
      throw ReportError("result \(number): expected a text as \(key), found none")
    }
    return text
  }
}

extension CaseTimeline {
  fileprivate init(json: JSONValue) {
    self.init(
      lanes: (json["attempts"]?.elements ?? []).map(Lane.init(json:)),
      delivered: Mark.list(json["delivered"]), end: json["end_us"]?.microseconds ?? .zero)
  }
}

extension CaseTimeline.Mark {
  /// The marks of an array of pairs; what is no pair of numbers is left out.
  fileprivate static func list(_ json: JSONValue?) -> [Self] {
    let values = json?.elements ?? []
    return stride(from: 0, to: values.count - values.count % 2, by: 2).compactMap { place in
      guard let at = values[place].microseconds, let bytes = values[place + 1].integer, bytes >= 0
      else { return nil }
      return Self(at: at, bytes: bytes)
    }
  }
}

extension CaseTimeline.Lane {
  fileprivate init(json: JSONValue) {
    func count(_ key: String) -> Int { Swift.max(0, json[key]?.integer ?? 0) }
    let excerpt = json["excerpt"]?.text.flatMap(Hexadecimal.bytes) ?? []
    self.init(
      attempt: Attempt(
        number: json["number"]?.integer ?? 1, asked: json["asked_us"]?.microseconds ?? .zero,
        over: json["over_us"]?.microseconds, stayed: json["stayed_us"]?.microseconds,
        status: json["status"]?.integer, retryAfter: json["retry_after_us"]?.microseconds,
        shouldRetry: json["should_retry"].flatMap { value in
          if case .bool(let flag) = value { flag } else { nil }
        },
        events: count("events"), bytes: count("bytes"), ended: json["ended"]?.text),
      planned: CaseTimeline.Mark.list(json["planned"]), sent: CaseTimeline.Mark.list(json["sent"]),
      faults: (json["faults"]?.elements ?? []).map { fault in
        CaseTimeline.FaultMark(
          at: fault["at_us"]?.microseconds ?? .zero, byte: fault["byte"]?.integer,
          fault: fault["fault"]?.text ?? "")
      },
      excerpt: excerpt, excerptPlace: Swift.min(count("excerpt_place"), excerpt.count))
  }
}

extension JSONValue {
  /// A time that is written as whole microseconds, or nil.
  fileprivate var microseconds: Microseconds? { integer.flatMap { Microseconds(Int64($0)) } }
}
