package import Cassettes
package import HTTP
internal import LosslessJSON
internal import Planning
internal import Redaction

/// A request in the form in which two are compared: redacted, and JSON bodies by their meaning.
package struct ComparableRequest: Sendable {
  /// Up to about here a body is compared at once: it takes less time than to wake another thread
  /// and be woken by it.
  package static let lightBytes = 16 << 10

  /// The method and path.
  package var line: RequestLine

  /// The values of the header fields that take part, in the order of `Comparison.headers`.
  package var headers: [String]

  /// The names of all header fields, which tell the API.
  let fieldNames: [String]

  /// The body.
  package var body: ComparableBody

  /// Whether it asks for a stream.
  let form: AskedForm

  package init(
    method: String, target: String, headers: [HeaderField], body: [UInt8],
    comparing comparison: Comparison
  ) {
    line = RequestLine(method: method, target: target, comparing: comparison)
    // The way in which a recording is redacted depends on the content type.
    var redacted = RecordedRequest(id: "", at: "", method: method, headers: headers, body: body)
    Redactor.redact(&redacted, by: comparison.rules)
    self.headers = HeaderComparison.values(of: comparison.headers, in: redacted.headers)
    fieldNames = headers.map(\.name)
    var stream = AskedForm.Member.unsaid
    self.body = ComparableBody(redacted.body, comparing: comparison, noting: &stream)
    form = AskedForm(stream, target: line.target, headers: redacted.headers)
  }

  package init(_ request: RecordedRequest, comparing comparison: Comparison) {
    self.init(
      method: request.method, target: request.target, headers: request.headers,
      body: request.body, comparing: comparison)
  }

  /// Whether it asks for the same as another of its line.
  func isEqual(beyondLine other: ComparableRequest) -> Bool {
    body == other.body && headers == other.headers
  }

  /// Whether a recording of its line may answer it though the body is another: the fields that take
  /// part are equal, and either both ask for a stream or neither does.
  func isAlike(beyondLine other: ComparableRequest) -> Bool {
    headers == other.headers && !form.differs(from: other.form)
  }
}

/// A body to compare: equal as JSON where both are, else byte for byte.
package struct ComparableBody: Hashable, Sendable {
  /// Whether `bytes` are the comparable form of a JSON value.
  var isJSON: Bool

  /// The body's bytes, or of JSON the form in which equal values have equal bytes.
  package var bytes: [UInt8]

  init(
    _ body: [UInt8], comparing comparison: Comparison, noting stream: inout AskedForm.Member
  ) {
    guard !body.isEmpty, let form = comparison.form(of: body) else {
      isJSON = false
      bytes = body
      return
    }
    // What is not compared says what is asked for all the same.
    stream = AskedForm.Member(
      of: comparison.ignoredPointers.isEmpty ? form : try? ComparableJSON(parsing: body))
    isJSON = true
    bytes = form.bytes
  }
}

extension ComparableBody {
  /// Hashes all bytes at once: an array hashes them one by one, which takes several times as long.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(isJSON)
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}
