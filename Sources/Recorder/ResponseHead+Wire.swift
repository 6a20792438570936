internal import Cassettes
internal import HTTP

extension ResponseHead {
  /// Creates a head from what came over the wire.
  init(_ line: StatusLine, fields: [HeaderField], method: String, at: Microseconds) {
    self.init(
      status: line.status, http: Self.versions[line.version] ?? "1.1",
      framing: Self.framing(line, fields, isBodiless: line.isBodiless(for: method)),
      headers: fields, at: at)
  }

  /// The versions that a recording tells apart.
  private static let versions = ["1.0": "1.0", "1.1": "1.1", "2": "2", "2.0": "2", "3": "2"]

  /// How the body is framed. (RFC 9112, 6.3)
  private static func framing(
    _ line: StatusLine, _ fields: [HeaderField], isBodiless: Bool
  ) -> Framing {
    if line.version.hasPrefix("2") || line.version.hasPrefix("3") { return .h2 }
    if isBodiless { return .length(0) }
    let codings = fields.filter { $0.isNamed("transfer-encoding") }.map { $0.value.lowercased() }
    if codings.joined(separator: ",").contains("chunked") { return .chunked }
    switch DeclaredLength(fields) {
    case .none: return .eof
    case .count(let count): return .length(count)
    // Whoever gets such a head must not take what follows for whole.
    case .invalid: return .length(.max)
    }
  }
}
