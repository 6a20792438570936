internal import Cassettes
internal import Documents
internal import HTTP
internal import LosslessJSON

/// One entry of an HTTP archive: what all who write them have in common. (HAR 1.2)
struct HAREntry {
  /// The entry.
  let node: Node
  /// What was asked.
  let request: Node
  /// What was answered, or nil where the entry has none.
  let response: Node?

  /// Takes an entry.
  ///
  /// - Throws: An `ImportError` where it is no entry.
  init(_ node: Node) throws {
    self.node = node
    request = try Self.mapping(node, "request", of: "an entry")
    response = try Self.optional(node, "response")
  }

  /// Why it is no exchange of HTTP, as a word for what it is instead; nil where it is one.
  func foreignKind() throws -> String? {
    let url = try text("url", of: request) ?? ""
    if request["method"]?.hasBytes(of: "CONNECT") == true { return "tunnel" }
    if node["_resourceType"]?.hasBytes(of: "websocket") == true { return "WebSocket" }
    if response?["status"]?.int == 101 { return "WebSocket" }
    guard let colon = url.firstIndex(of: ":") else { return nil }
    let scheme = url[..<colon].lowercased()
    let isScheme = scheme.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0.isTokenByte }
    guard isScheme, !scheme.isEmpty, scheme != "http", scheme != "https" else { return nil }
    if scheme == "ws" || scheme == "wss" { return "WebSocket" }
    return ["data", "blob", "about", "file"].contains(scheme) || scheme.contains("extension")
      ? "\(scheme): URL" : nil
  }

  /// A capture of the request and of the answer's head.
  func capture(_ sibling: (String) throws -> [UInt8]? = { _ in nil }) throws -> Capture {
    var capture = Capture(line: node.line)
    capture.request.method = try text("method", of: request)
    capture.request.url = try text("url", of: request)
    capture.request.headers = try Self.headers(of: request)
    if let data = try Self.optional(request, "postData") {
      capture.request.body = try postData(data, &capture, sibling)
    }
    capture.at = try text("startedDateTime", of: node).flatMap(HARTime.microseconds)
    guard let response else { return capture }
    if let status = response["status"], !status.isNull {
      guard let number = status.int else {
        throw ImportError.expected("a number for status", status)
      }
      if (200...999).contains(number) { capture.status = number }
    }
    capture.headers = try Self.headers(of: response)
    let version = try text("httpVersion", of: response) ?? text("httpVersion", of: request)
    capture.http = version.flatMap(Self.version)
    return capture
  }

  /// `1.0`, `1.1` or `2` for what programs write for them, or nil for what says nothing.
  private static func version(_ text: String) -> String? {
    switch text.lowercased() {
    case "http/1.0", "1.0": "1.0"
    case "http/1.1", "1.1": "1.1"
    case "h2", "h2c", "http/2", "http/2.0", "http/2+quic/46", "spdy", "2", "2.0": "2"
    case "h3", "http/3", "http/3.0", "3", "quic": "3"
    case let other where other.hasPrefix("h3-") || other.hasPrefix("http/2"): "2"
    default: nil
    }
  }

  /// The fields of a message, without the pseudo-header fields of HTTP/2. (RFC 9113, 8.3)
  private static func headers(of message: Node) throws -> [HeaderField] {
    guard let headers = message["headers"], !headers.isNull else { return [] }
    guard let items = headers.items else {
      throw ImportError.expected("a sequence for headers", headers)
    }
    var fields: [HeaderField] = []
    for item in items {
      guard let name = item["name"]?.text else {
        throw ImportError.expected("a header with a name and a value", item)
      }
      guard name.isToken else { continue }
      // Several fields of one name stand in one value, each on a line, where a browser joins them.
      for value in (item["value"]?.text ?? "").split(
        separator: "\n", omittingEmptySubsequences: false)
      {
        fields.append(HeaderField.imported(name, String(value)))
      }
    }
    return fields
  }

  /// Adds the content type where the fields lack it: `mimeType` is its value. (HAR 1.2, content)
  func addType(to capture: inout Capture) {
    guard capture.status != nil, capture.headers.value(of: "content-type") == nil,
      let type = response?["content"]?["mimeType"]?.text, type.contains("/")
    else { return }
    capture.headers.append(HeaderField.imported("content-type", type))
  }

  // MARK: Bodies

  /// The bytes of `text` as its `encoding` says, or nil where there is none.
  func bytes(of content: Node, _ sibling: (String) throws -> [UInt8]?) throws -> [UInt8]? {
    guard let node = content["text"], !node.isNull else {
      // Only what stands beside the archive: it may come from anywhere.
      guard let path = content["_file"]?.text, !path.contains("/"), path != ".." else { return nil }
      return try sibling(path)
    }
    guard let bytes = node.bytes else { throw ImportError.expected("a text for text", node) }
    guard let encoding = content["encoding"]?.text?.lowercased(), encoding == "base64" else {
      return bytes
    }
    guard let decoded = Base64Text.decoded(bytes) else {
      throw ImportError(
        "expected base64 in text, as encoding says, and found none", line: node.line)
    }
    return decoded
  }

  private func postData(
    _ data: Node, _ capture: inout Capture, _ sibling: (String) throws -> [UInt8]?
  ) throws -> [UInt8] {
    if let bytes = try bytes(of: data, sibling) {
      let isEmpty = bytes.isEmpty && data["params"]?.items?.isEmpty == false
      if !isEmpty { return bytes }
    }
    if let json = data["textJSON"], !json.isNull {
      capture.losses.append("its request's body is written anew from textJSON")
      return json.json.bytes
    }
    guard let parameters = data["params"]?.items, !parameters.isEmpty else { return [] }
    guard data["mimeType"]?.text?.hasPrefix("application/x-www-form-urlencoded") != false else {
      capture.losses.append("its request's body is not in the file, but only its fields")
      return []
    }
    capture.losses.append("its request's body is made from its fields")
    return Array(
      parameters.map { parameter in
        Self.formEncoded(parameter["name"]?.bytes ?? []) + "="
          + Self.formEncoded(parameter["value"]?.bytes ?? [])
      }.joined(separator: "&").utf8)
  }

  /// What a form sends for a text; what is escaped already stays as it is. (WHATWG URL, 5.2)
  private static func formEncoded(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      switch byte {
      case UInt8(ascii: " "): "+"
      case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "%"), UInt8(ascii: "+"):
        String(UnicodeScalar(byte))
      case let byte where byte.isLetterOrDigit: String(UnicodeScalar(byte))
      default:
        "%" + String(byte >> 4, radix: 16).uppercased()
          + String(byte & 15, radix: 16).uppercased()
      }
    }.joined()
  }

  // MARK: Members

  /// The text of a member, or nil where there is none.
  func text(_ key: String, of node: Node) throws -> String? {
    guard let value = node[key], !value.isNull else { return nil }
    guard let text = value.text else { throw ImportError.expected("a text for \(key)", value) }
    return text
  }

  private static func mapping(_ node: Node, _ key: String, of what: String) throws -> Node {
    guard node.members != nil else { throw ImportError.expected("a mapping for \(what)", node) }
    guard let member = node[key] else {
      throw ImportError("expected \(key) in \(what), and found none", line: node.line)
    }
    guard member.members != nil else {
      throw ImportError.expected("a mapping for \(key)", member)
    }
    return member
  }

  private static func optional(_ node: Node, _ key: String) throws -> Node? {
    guard let member = node[key], !member.isNull else { return nil }
    guard member.members != nil else {
      throw ImportError.expected("a mapping for \(key)", member)
    }
    return member
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
