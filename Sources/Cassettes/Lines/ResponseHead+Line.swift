internal import LosslessJSON

extension ResponseHead {
  /// Reads the data of an `h` line.
  init(line data: JSONValue, at: Microseconds) throws(CassetteError) {
    var object = try LineObject(data, code: "h")
    guard let status = try object.integer("status") else { throw object.error("status is missing") }
    let http = try object.string("http")
    let framing = try Self.framing(from: &object)
    let headers = try object.fields("headers")
    let decoded = try object.string("decoded")
    self.init(
      status: Int(clamping: status), http: http ?? "1.1", framing: framing, headers: headers,
      decoded: decoded, at: at, extra: object.rest)
    try check()
  }

  private static func framing(from object: inout LineObject) throws(CassetteError) -> Framing {
    let name = try object.string("framing")
    let length = try object.integer("length")
    switch name {
    case "length":
      guard let length else { throw object.error("framing 'length' needs a length") }
      return .length(length)
    case _ where length != nil: throw object.error("length belongs to framing 'length' only")
    case "chunked", nil: return .chunked
    case "eof": return .eof
    case "h2": return .h2
    case .some(let name): throw object.error("framing '\(name.printable)' is not known")
    }
  }

  /// The data of its `h` line.
  var lineData: JSONValue {
    var members = [JSONValue.Member("status", .number(status))]
    members.add("http", http)
    switch framing {
    case .chunked: members.add("framing", "chunked")
    case .eof: members.add("framing", "eof")
    case .h2: members.add("framing", "h2")
    case .length(let length):
      members.add("framing", "length")
      members.append(JSONValue.Member("length", .number(length)))
    }
    members.append(JSONValue.Member("headers", headers.lineData))
    members.add("decoded", decoded)
    return .object(members + extra)
  }

  /// Refuses what a reader would refuse.
  func check() throws(CassetteError) {
    guard (200...999).contains(status) else {
      throw CassetteError(.badData, "'h' line: status \(status) is not between 200 and 999")
    }
    guard ["1.0", "1.1", "2"].contains(http) else {
      throw CassetteError(.badData, "'h' line: http '\(http.printable)' is not 1.0, 1.1 or 2")
    }
    if case .length(let length) = framing, length < 0 {
      throw CassetteError(.badData, "'h' line: length \(length) is negative")
    }
    try headers.check()
  }

  /// The keys that this version knows.
  static let knownKeys: Set<String> = [
    "status", "http", "framing", "length", "headers", "decoded",
  ]
}
