internal import Cassettes
internal import HTTP
internal import Redaction

/// The header fields that take part in matching.
enum HeaderComparison {
  /// Whether a field cannot take part: its value is redacted in a recording, or made anew for each
  /// connection.
  static func isUnfit(_ name: String) -> Bool {
    let framing = ["content-length", "transfer-encoding", "connection", "host", "expect"]
    return name.isEmpty || Redactor.redacts(fieldNamed: name)
      || framing.contains(name.lowercased())
  }

  /// The value of each field, several joined by a comma as recipients may, "" where there is none.
  /// (RFC 9110, 5.3)
  static func values(of names: [String], in headers: [HeaderField]) -> [String] {
    names.map { name in
      headers.values(of: name).joined(separator: ", ")
    }
  }
}
