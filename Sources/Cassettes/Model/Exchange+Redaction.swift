package import HTTP
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

extension SecretScanner {
  /// Finds the secrets of an exchange that are not redacted.
  ///
  /// - Parameter exchange: The exchange, as it was read.
  /// - Returns: The findings, each once: request before answer, fields before body.
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
    var seen: Set<SecretFinding> = []
    return findings.filter { seen.insert($0).inserted }
  }

  /// Finds the secrets that no chunk shows: text that only joins across the events of a stream.
  ///
  /// They cannot be covered while they are recorded, so that whoever records should be told.
  ///
  /// - Parameter exchange: The exchange, as it was recorded.
  /// - Returns: The findings; none where the answer is neither an event stream nor lines of JSON,
  ///   or has more than 4 MiB.
  package func joinedFindings(in exchange: Exchange) -> [SecretFinding] {
    joinedFindings(in: exchange.answerBody)
  }

  private func findings(in fields: [HeaderField], place: String) -> [SecretFinding] {
    fields.flatMap { findings(inValue: $0.value, ofField: $0.name, place: place) }
  }
}

extension Exchange {
  fileprivate var answerBody: AnswerBody {
    AnswerBody(body, isEventStream: isEventStream, chunkEnds: chunks.map(\.end))
  }
}
