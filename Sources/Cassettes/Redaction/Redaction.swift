/// Puts `*` in the place of what authenticates.
///
/// A replacement has as many bytes as what it replaces, so that chunk boundaries, offsets and
/// lengths stay true. What has been redacted is left alone the second time.
public enum Redaction {
  /// Redacts a request: its fields, the credentials in `url` and `path`, and the keys in its body.
  public static func redact(_ request: inout RecordedRequest) {
    let type = request.headers.value(of: "content-type") ?? ""
    for index in request.headers.indices { redact(&request.headers[index]) }
    request.url = request.url.map(redact(url:))
    request.path = request.path.map(redact(target:))
    if type.lowercased().hasPrefix("application/x-www-form-urlencoded") {
      CredentialParameter.redactAll(in: &request.body, from: 0)
    }
    redact(body: &request.body)
  }

  /// Redacts a response head.
  public static func redact(_ head: inout ResponseHead) {
    for index in head.headers.indices { redact(&head.headers[index]) }
  }

  /// Redacts a trailer section.
  public static func redact(_ trailers: inout Trailers) {
    for index in trailers.fields.indices { redact(&trailers.fields[index]) }
  }

  /// Redacts one field: the whole value of those that carry credentials, what has the shape of a
  /// key in others.
  public static func redact(_ field: inout HeaderField) {
    if let range = CredentialHeader.secret(in: field) {
      field.value =
        String(field.value.unicodeScalars[..<range.lowerBound])
        + String(repeating: "*", count: field.value.unicodeScalars[range].count)
      return
    }
    field.value =
      CredentialHeader.holdsURL(field) ? redact(url: field.value) : redact(text: field.value)
  }

  /// Whether of fields of that name the value is redacted, whatever it is.
  public static func redacts(fieldNamed name: String) -> Bool { CredentialHeader.isNamed(name) }

  /// Redacts a request target in origin form: the values of credential parameters, and keys
  /// anywhere.
  ///
  /// - Parameter target: The path and query of a request.
  /// - Returns: The target, as long as it was.
  public static func redact(target: String) -> String {
    var bytes = Array(target.utf8)
    CredentialParameter.redactAll(in: &bytes, from: CredentialParameter.startOfQuery(bytes))
    redact(body: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Redacts a URL: user name and password, the values of credential parameters, and keys anywhere.
  ///
  /// - Parameter url: An absolute URL, or a reference.
  /// - Returns: The URL, as long as it was.
  public static func redact(url: String) -> String {
    var bytes = Array(url.utf8)
    for place in userInformation(in: bytes) where bytes[place] != UInt8(ascii: ":") {
      bytes[place] = UInt8(ascii: "*")
    }
    CredentialParameter.redactAll(in: &bytes, from: CredentialParameter.startOfQuery(bytes))
    redact(body: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What matching compares of a target: redacted, and without its credential parameters.
  ///
  /// - Parameter target: The path and query of a request.
  /// - Returns: The target, shorter by the parameters that carry credentials; without `?` where
  ///   none is left.
  public static func withoutCredentials(target: String) -> String {
    redact(target: CredentialParameter.removeAll(from: target))
  }

  /// Redacts what has the shape of a key in a whole body.
  public static func redact(body: inout [UInt8]) {
    var redactor = BodyRedactor()
    _ = redactor.redact(&body, isFinal: true)
  }

  /// Redacts what has the shape of a key in a text, for a log or a message.
  public static func redact(text: String) -> String {
    var bytes = Array(text.utf8)
    redact(body: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Where the user information of a URL stands, without its `@`; empty where there is none. (RFC
  /// 3986, 3.2.1)
  static func userInformation(in url: [UInt8]) -> Range<Int> {
    // A reference has an authority only behind "//"; curl takes a URL without a scheme too.
    guard url.first != UInt8(ascii: "/") || url.starts(with: "//".utf8) else { return 0..<0 }
    let end = { (from: Int) in
      url[from...].firstIndex { "/?#\\".utf8.contains($0) } ?? url.count
    }
    var start = 0
    if url.starts(with: "//".utf8) {
      start = 2
    } else if let colon = url.firstIndex(of: UInt8(ascii: ":")),
      url[colon...].starts(with: "://".utf8), colon < end(0)
    {
      start = colon + 3
    }
    let at = url[start..<end(start)].lastIndex(of: UInt8(ascii: "@"))
    return start..<(at ?? start)
  }
}
