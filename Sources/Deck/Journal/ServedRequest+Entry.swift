internal import Cassettes
internal import Planning
internal import Redaction

extension ServedRequest {
  /// What a journal entry says, or nil where the request has not been answered yet.
  init?(_ entry: JournalEntry, by rules: RedactionRules) {
    guard let delivery = entry.delivery else { return nil }
    let redacted = { (text: String) in Redactor.redact(text: text, by: rules) }
    method = entry.method
    path = entry.target.map { Redactor.redact(target: $0, by: rules) }
    session = entry.session.map(redacted)
    attempt = entry.attempt?.number
    status = entry.status
    faults = delivery.faults.map { redacted("\($0.asked)") }
    bytes = delivery.bytes
    events = delivery.events
    ended = delivery.ended.rawValue
    refusal = entry.refusal.map(redacted)
  }
}
