/// What a fault does, as a clause behind "when".
package enum FaultWords {
  /// The name of the first fault of a text in which faults are separated by `;`.
  package static func name(of fault: String) -> String {
    let ends = ":@,;".unicodeScalars
    return String(
      String.UnicodeScalarView(fault.unicodeScalars.prefix(60).prefix { !ends.contains($0) }))
  }

  /// What happens when a fault fires: "the connection is reset"; nil of a fault without words.
  package static func clause(of name: String) -> String? { clauses[name] }

  private static let clauses: [String: String] = [
    "status": "the answer is an error",
    "header": "a header of the answer is another one",
    "body": "the answer is a page and no event stream",
    "disconnect": "the connection closes in the middle",
    "reset": "the connection is reset",
    "end": "the body ends cleanly before the message does",
    "hang": "nothing more is sent",
    "linger": "all is sent, and the body does not end",
    "trailing": "bytes follow the last event",
    "stall": "nothing is sent for a while",
    "trickle": "the stream is slow",
    "hold": "bytes are held back for a while",
    "rechunk": "the chunks are cut at other places",
    "coalesce": "several chunks come as one",
    "gzip": "the body is compressed",
    "framing": "the body is framed in another way",
    "interim": "interim answers come before the head",
    "bad-chunk": "the chunked coding is broken",
    "newline": "lines end in another way",
    "bom": "the stream begins with a byte order mark",
    "no-space": "no space follows the colons",
    "split-data": "data is split into two lines",
    "comment": "a comment comes before an event",
    "fields": "an event has the fields id and retry",
    "no-final-blank": "the last event has no blank line",
    "big": "a large comment comes before an event",
    "error": "the stream says that an error happened",
    "drop": "an event is missing",
    "duplicate": "an event comes twice",
    "swap": "two events change places",
    "unknown": "an event of an unknown type comes",
    "ping": "a keep-alive comes",
    "bad-json": "an event's data is invalid JSON",
    "cut-json": "an event's data stops in the middle",
    "bad-utf8": "an event's data is invalid UTF-8",
    "empty-data": "an event's data is empty",
    "drop-terminal": "the event that ends the message is missing",
    "chaos": "one of several faults fires",
  ]
}

/// What a verdict says of a client, as a clause that follows "the client".
package enum VerdictWords {
  /// What a client does that a verdict on its content is given for.
  package static func clause(of verdict: String) -> String { clauses[verdict] ?? verdict }

  private static let clauses: [String: String] = [
    "ok": "delivers the whole answer",
    "recovered": "tries again and delivers the whole answer",
    "reported": "reports that the answer failed",
    "silent-truncation": "takes a part of the answer for the whole",
    "corrupted": "delivers a text that the answer does not have",
    "repeated": "delivers text twice",
    "invented": "says that the answer finished in a way that the stream did not say",
    "hang": "does not come to an end",
    "crash": "crashes",
    "gave-up": "fails at a stream that is whole",
    "unknown": "cannot be judged",
    "harness-error": "could not be run",
    "retry-too-soon": "tries again before retry-after has passed",
    "retry-storm": "tries again too often, or without growing pauses",
    "retried-fatal": "tries again after an answer that no other try can change",
    "left-open": "stays connected after the answer is over or broken",
    "retried-after-content": "tries again after it had a part of the answer",
  ]
}
