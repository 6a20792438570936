internal import Cassettes
internal import JSON

/// The method and path by which candidates are found.
struct RequestLine: Hashable, Sendable {
  /// The method.
  var method: String

  /// The path and query after redaction, without the parameters that carry credentials.
  var target: String

  /// Creates a line from a method and a target as it was sent.
  init(method: String, target: String, rules: RedactionRules) {
    self.method = method
    self.target = Redaction.withoutCredentials(target: target, by: rules)
  }

  /// The target without its query.
  var path: Substring { target.prefix { $0 != "?" } }
}

/// A request in the form in which two are compared: redacted, and JSON bodies by their meaning.
struct ComparableRequest: Sendable {
  /// The method and path.
  var line: RequestLine

  /// The body.
  var body: ComparableBody

  init(
    method: String, target: String, headers: [HeaderField], body: [UInt8],
    ignoring pointers: [JSONPointer], rules: RedactionRules
  ) {
    line = RequestLine(method: method, target: target, rules: rules)
    // The way in which a recording is redacted depends on the content type.
    var redacted = RecordedRequest(id: "", at: "", method: method, headers: headers, body: body)
    Redaction.redact(&redacted, by: rules)
    self.body = ComparableBody(redacted.body, ignoring: pointers)
  }

  init(_ request: RecordedRequest, ignoring pointers: [JSONPointer], rules: RedactionRules) {
    self.init(
      method: request.method, target: request.target, headers: request.headers,
      body: request.body, ignoring: pointers, rules: rules)
  }
}

/// A body to compare: equal as JSON where both are, else byte for byte.
struct ComparableBody: Hashable, Sendable {
  /// Whether `bytes` are the comparable form of a JSON value.
  var isJSON: Bool

  /// The body's bytes, or of JSON the form in which equal values have equal bytes.
  var bytes: [UInt8]

  init(_ body: [UInt8], ignoring pointers: [JSONPointer]) {
    guard !body.isEmpty, var value = try? JSONValue(parsing: body) else {
      isJSON = false
      bytes = body
      return
    }
    for pointer in pointers { value.remove(pointer) }
    isJSON = true
    bytes = value.comparable()
  }
}
