internal import Documents
internal import HTTP
internal import LosslessJSON

/// The request that the matchers of httpmock describe: those that name one value give it, and the
/// others can only be told of.
struct HTTPMockRequest {
  /// The request, as far as it is known.
  private(set) var request = Capture.Request()
  /// What other matchers are there.
  private(set) var losses: [String] = []

  private static let exact = [
    "scheme", "host", "port", "path", "method", "query_param", "header", "headers", "cookie",
    "body", "body_base64", "json_body", "form_urlencoded_tuple",
  ]

  init(_ node: Node) throws {
    request.method = try node.first(of: "method").map(Interaction.method)
    request.url = try Self.url(of: node)
    let headers = try InteractionHeaders(node.first(of: "header", "headers"), in: node)
    request.headers = headers.fields
    losses += headers.losses
    let cookies = try Self.pairs(node.first(of: "cookie"), in: node)
    if !cookies.isEmpty {
      let value = cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
      request.headers.append(HeaderField("cookie", bytes: Array(value.utf8)))
    }
    request.body = try Self.body(of: node)
    for member in node.members ?? [] where !Self.exact.contains(where: member.key.hasBytes) {
      if member.value.isNull || member.value.items?.isEmpty == true { continue }
      losses.append(
        "its matcher `\(member.key.text ?? "")` stands for many requests and is left out")
    }
  }

  /// The body, as a text, in base64 or as JSON.
  static func body(of node: Node) throws -> [UInt8] {
    if let text = node.first(of: "body") {
      guard text.bytes != nil else {
        throw ImportError(expected: "`body`, a text", found: text, in: node)
      }
      return try InteractionBody.text(text)
    }
    if let coded = node.first(of: "body_base64") { return try InteractionBody.base64(coded) }
    if let json = node.first(of: "json_body") {
      // Mocks written by hand often have the JSON as a text.
      if let text = json.bytes, text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") {
        return text
      }
      return json.json.bytes
    }
    let form = try pairs(node.first(of: "form_urlencoded_tuple"), in: node)
    return Array(Self.query(form).utf8)
  }

  /// The path and query, behind an origin where the matchers name a host.
  private static func url(of node: Node) throws -> String? {
    guard let path = try node.first(of: "path").map(Interaction.url) else { return nil }
    let query = query(try pairs(node.first(of: "query_param"), in: node))
    let target = path + (query.isEmpty ? "" : (path.contains("?") ? "&" : "?") + query)
    guard let host = try node.first(of: "host").map(Interaction.url) else { return target }
    let scheme = node.first(of: "scheme")?.text ?? "http"
    let port = node.first(of: "port")?.int.map { ":\($0)" } ?? ""
    return "\(scheme)://\(host)\(port)\(target.hasPrefix("/") ? "" : "/")\(target)"
  }

  private static func pairs(_ node: Node?, in place: Node) throws -> [(name: String, value: String)]
  {
    guard let node else { return [] }
    if let members = node.members {
      return members.compactMap { member in
        member.key.text.map { ($0, member.value.text ?? "") }
      }
    }
    guard let items = node.items else {
      throw ImportError(expected: "pairs of `name` and `value`", found: node, in: place)
    }
    return try items.map { item in
      guard let name = item.first(of: "name", "key")?.text else {
        throw ImportError(expected: "a `name` and a `value`", found: item, in: node)
      }
      return (name, item.first(of: "value")?.text ?? "")
    }
  }

  /// Pairs as a query. (WHATWG URL, 5.2)
  private static func query(_ pairs: [(name: String, value: String)]) -> String {
    pairs.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
  }

  private static func escaped(_ text: String) -> String {
    var output: [UInt8] = []
    for byte in text.utf8 {
      if (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        || "-._~*".utf8.contains(byte)
      {
        output.append(byte)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        output += "%\(byte < 16 ? "0" : "")\(digits)".utf8
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
