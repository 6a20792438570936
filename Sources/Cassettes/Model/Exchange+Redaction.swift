package import HTTP
internal import LosslessJSON
package import Redaction

extension Redactor {
  /// Redacts a request: its fields, the credentials in `url` and `path`, and the keys in its body.
  package static func redact(
    _ request: inout RecordedRequest, by rules: RedactionRules = .standard
  ) {
    // Of several types nobody knows which one the server takes.
    let isForm = request.headers.contains {
      $0.isNamed("content-type")
        && $0.value.lowercased().hasPrefix("application/x-www-form-urlencoded")
    }
    for index in request.headers.indices { redact(&request.headers[index], by: rules) }
    request.url = request.url.map { redact(url: $0, by: rules) }
    request.path = request.path.map { redact(target: $0, by: rules) }
    redact(requestBody: &request.body, isForm: isForm, by: rules)
  }

  /// Redacts a response head.
  package static func redact(_ head: inout ResponseHead, by rules: RedactionRules = .standard) {
    for index in head.headers.indices { redact(&head.headers[index], by: rules) }
  }

  /// Redacts a trailer section.
  package static func redact(_ trailers: inout Trailers, by rules: RedactionRules = .standard) {
    for index in trailers.fields.indices { redact(&trailers.fields[index], by: rules) }
  }

  /// Redacts one field: the whole value of those that carry credentials, what has the shape of a
  /// key in others, and what the rules say of any.
  package static func redact(_ field: inout HeaderField, by rules: RedactionRules = .standard) {
    field.value = redact(value: field.value, ofField: field.name, by: rules)
  }
}

extension Redactor {
  /// Redacts all of an exchange that is there in whole, also text that a client joins across the
  /// events of a stream, markers, and keys that this version does not know.
  ///
  /// Its chunks keep their ends and times. To do it again changes nothing.
  ///
  /// - Parameters:
  ///   - exchange: The exchange; nothing of its answer may be redacted yet, or the end of a secret
  ///     could be missed of which the beginning is covered.
  ///   - rules: What to cover.
  package static func redact(_ exchange: inout Exchange, by rules: RedactionRules = .standard) {
    redact(&exchange.request, by: rules)
    exchange.request.extra = exchange.request.extra.redacted(by: rules)
    if var head = exchange.head {
      redact(&head, by: rules)
      head.extra = head.extra.redacted(by: rules)
      exchange.head = head
    }
    var answer = exchange.answerBody
    // There is one of it then, which is changed in place.
    exchange.body = []
    redact(answer: &answer, by: rules)
    exchange.body = answer.bytes
    if var trailers = exchange.trailers {
      redact(&trailers, by: rules)
      exchange.trailers = trailers
    }
    for index in exchange.asides.indices {
      exchange.asides[index].data = exchange.asides[index].data.redacted(by: rules)
    }
    exchange.ending.detail = exchange.ending.detail.map { redact(text: $0, by: rules) }
    exchange.ending.extra = exchange.ending.extra.redacted(by: rules)
  }
}

extension SecretScanner {
  /// Finds the secrets of an exchange that are not redacted.
  ///
  /// - Parameter exchange: The exchange, as it was read.
  /// - Returns: The findings, each once: request before answer, fields before body, then all else.
  package func findings(in exchange: Exchange) -> [SecretFinding] {
    var findings: [SecretFinding] = []
    let request = exchange.request
    if let url = request.url { findings += self.findings(inURL: url, place: "request URL") }
    if let path = request.path { findings += self.findings(inURL: path, place: "request path") }
    findings += self.findings(in: request.headers, place: "request header")
    findings += self.findings(in: request.body, place: "request body")
    findings += self.findings(in: exchange.head?.headers ?? [], place: "response header")
    findings += self.findings(in: exchange.answerBody)
    findings += self.findings(in: exchange.trailers?.fields ?? [], place: "trailer")
    for (index, aside) in exchange.asides.enumerated() {
      findings += self.findings(in: aside.data.bytes, place: "marker \(index + 1)")
    }
    if let detail = exchange.ending.detail {
      findings += self.findings(in: Array(detail.utf8), place: "ending")
    }
    for extra in [exchange.request.extra, exchange.head?.extra ?? [], exchange.ending.extra]
    where !extra.isEmpty {
      findings += self.findings(in: JSONValue.object(extra).bytes, place: "unknown keys")
    }
    var seen: Set<SecretFinding> = []
    return findings.filter { seen.insert($0).inserted }
  }

  /// Finds the secrets that no chunk shows: text that only joins across the events of a stream.
  ///
  /// They cannot be covered while they are recorded, so that whoever records should be told:
  /// `CassetteRedaction` covers them.
  ///
  /// - Parameter exchange: The exchange, as it was recorded.
  /// - Returns: The findings; none where the answer has more than 4 MiB.
  package func joinedFindings(in exchange: Exchange) -> [SecretFinding] {
    joinedFindings(in: exchange.answerBody)
  }

  private func findings(in fields: [HeaderField], place: String) -> [SecretFinding] {
    fields.flatMap { findings(inValue: $0.value, ofField: $0.name, place: place) }
  }
}

extension JSONValue {
  /// The value with what authenticates covered, by the names of its members and in its strings.
  func redacted(by rules: RedactionRules) -> JSONValue {
    var text = bytes
    Redactor.redact(document: &text, by: .standard)
    let value = text == bytes ? self : try? JSONValue(parsing: text, nesting: 1000, values: .max)
    return (value ?? self).withStringsRedacted(by: rules)
  }

  private func withStringsRedacted(by rules: RedactionRules) -> JSONValue {
    switch self {
    case .null, .bool, .number: return self
    case .string(var bytes):
      Redactor.redact(text: &bytes, by: rules)
      return .string(bytes)
    case .array(let elements): return .array(elements.map { $0.withStringsRedacted(by: rules) })
    case .object(let members):
      return .object(
        members.map { Member(key: $0.key, value: $0.value.withStringsRedacted(by: rules)) })
    }
  }
}

extension [JSONValue.Member] {
  /// The members with what authenticates covered in their values.
  func redacted(by rules: RedactionRules) -> [JSONValue.Member] {
    guard !isEmpty, case .object(let members) = JSONValue.object(self).redacted(by: rules) else {
      return self
    }
    return members
  }
}

extension Exchange {
  fileprivate var answerBody: AnswerBody {
    AnswerBody(body, isEventStream: isEventStream, chunkEnds: chunks.map(\.end))
  }
}
