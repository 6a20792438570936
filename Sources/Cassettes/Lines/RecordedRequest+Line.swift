internal import HTTP
internal import LosslessJSON
internal import Units

extension RecordedRequest {
  /// Reads the data of a `q` line.
  ///
  /// - Parameters:
  ///   - data: The line's data.
  ///   - ordinal: The place of the exchange in its file, from 1, which stands for an absent `id`.
  /// - Throws: Where a key is missing, of the wrong type or out of its range.
  init(line data: JSONValue, ordinal: Int) throws(CassetteError) {
    var object = try LineObject(data, code: "q")
    let id = try object.string("id")
    let at = try object.string("at")
    let by = try object.string("by")
    let timing = try object.choice("timing", of: Timing.self)
    guard let method = try object.string("method") else { throw object.error("method is missing") }
    let url = try object.string("url")
    let path = try object.string("path")
    let headers = try object.fields("headers")
    let body = try Self.body(from: &object)
    self.init(
      id: id ?? Self.id(ordinal: ordinal), at: at ?? "1970-01-01T00:00:00.000000Z", by: by ?? "",
      timing: timing ?? .recorded, method: method, url: url, path: path, headers: headers,
      body: body, extra: object.rest)
    try check()
  }

  /// The 16 hexadecimal digits of a place in a file.
  private static func id(ordinal: Int) -> String {
    let digits = String(ordinal, radix: 16)
    return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
  }

  private static func body(from object: inout LineObject) throws(CassetteError) -> [UInt8] {
    let text = try object.string("body")
    guard let encoded = try object.bytes("body64") else { return Array((text ?? "").utf8) }
    guard text == nil else { throw object.error("body and body64 exclude each other") }
    guard let body = Base64.decode(encoded) else { throw object.error("body64 is not base64") }
    return body
  }

  /// The data of its `q` line.
  var lineData: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("id", id)
    members.add("at", at)
    members.add("by", by.isEmpty ? nil : by)
    members.add("timing", timing.rawValue)
    members.add("method", method)
    members.add("url", url)
    members.add("path", path)
    members.append(JSONValue.Member("headers", headers.lineData))
    if UTF8Check.isValid(body) {
      if !body.isEmpty { members.append(JSONValue.Member("body", .string(body))) }
    } else {
      members.append(JSONValue.Member("body64", .string(Base64.encode(body))))
    }
    return .object(members + extra)
  }

  /// Refuses what a reader would refuse.
  func check() throws(CassetteError) {
    func error(_ problem: String) -> CassetteError {
      CassetteError(.badData, "'q' line: \(problem)")
    }
    guard Timestamp.microseconds(rfc3339: at) != nil else {
      throw error("at '\(at.printable)' is not an RFC 3339 time")
    }
    guard method.isToken else { throw error("method '\(method.printable)' is not a token") }
    guard url != nil || path != nil else { throw error("url and path are both missing") }
    if let url {
      guard !url.isEmpty, !url.hasControlOrSpace else {
        throw error("url is empty or has a control character or a space")
      }
    }
    if let path {
      guard path.utf8.first == UInt8(ascii: "/") || path == "*", !path.hasControlOrSpace else {
        throw error("path must begin with '/' and have no control character and no space")
      }
    }
    try headers.check()
  }

  /// The keys that this version knows.
  static let knownKeys: Set<String> = [
    "id", "at", "by", "timing", "method", "url", "path", "headers", "body", "body64",
  ]
}
