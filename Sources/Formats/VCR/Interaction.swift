internal import Documents
internal import HTTP

/// A request and the response to it, in the spellings that the VCR family has for them.
enum Interaction {
  /// Makes a capture of an interaction.
  static func capture(of node: Node) throws -> Capture {
    let request = try half("request", "Request", of: node)
    let response = try half("response", "Response", of: node)
    var capture = Capture(line: node.line)
    try read(request: request, into: &capture)
    if capture.request.url == nil {
      // aiohttp's stub notes in the response what was asked.
      guard let url = response.first(of: "url") else {
        throw ImportError(
          expected: "the URL of a request, `uri` or `url`", found: nil, in: request)
      }
      capture.request.url = try self.url(url)
    }
    try read(response: response, into: &capture)
    return capture
  }

  private static func half(_ key: String, _ goKey: String, of node: Node) throws -> Node {
    guard node.members != nil else {
      throw ImportError(
        expected: "an interaction with `request` and `response`", found: node, in: node)
    }
    let half = node.first(of: key, goKey)
    guard let half, half.members != nil else {
      throw ImportError(expected: "`\(key)`, a mapping", found: half, in: node)
    }
    return half
  }

  private static func read(request: Node, into capture: inout Capture) throws {
    guard let method = request.first(of: "method", "Method") else {
      throw ImportError(expected: "the `method` of a request", found: nil, in: request)
    }
    capture.request.method = try self.method(method)
    capture.request.url =
      try request.first(of: "uri", "url", "URL").map { try url($0) } ?? url(ofParts: request)
    let headers = try InteractionHeaders(request.first(of: "headers", "Headers"), in: request)
    let body = try InteractionBody(of: request, .request, fields: headers.fields)
    capture.request.headers = headers.fields
    capture.request.body = body.bytes
    capture.losses += headers.losses + body.losses
  }

  private static func read(response: Node, into capture: inout Capture) throws {
    capture.status = try status(of: response)
    capture.http = response.first(of: "http_version", "proto", "Proto").flatMap(http)
    guard ["body", "Body", "content", "parsed_body"].contains(where: { response[$0] != nil }) else {
      throw ImportError(expected: "the `body` of a response", found: nil, in: response)
    }
    let headers = try InteractionHeaders(response.first(of: "headers", "Headers"), in: response)
    let body = try InteractionBody(of: response, .response, fields: headers.fields)
    capture.headers = headers.fields
    capture.body = body.bytes
    capture.losses += headers.losses + body.losses
  }

  /// A method; Ruby writes it as a symbol, in lower case.
  static func method(_ node: Node) throws -> String {
    var text = node.text ?? ""
    if text.hasPrefix(":") { text.removeFirst() }
    guard text.isToken else { throw ImportError(expected: "a method", found: node, in: node) }
    let isLower = text.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    return isLower ? text.uppercased() : text
  }

  /// A URL, or a text that stands for one.
  static func url(_ node: Node) throws -> String {
    guard let text = node.text, !text.isEmpty, !text.utf8.contains(where: { $0 < 0x20 }) else {
      throw ImportError(expected: "a URL", found: node, in: node)
    }
    return text.replacing(" ", with: "%20")
  }

  /// The URL whose parts stand one by one, as VCR.py had them before its format had a version.
  private static func url(ofParts request: Node) -> String? {
    guard let host = request.first(of: "host")?.text else { return nil }
    let scheme = request.first(of: "protocol")?.text ?? "http"
    let port = request.first(of: "port")?.text ?? ""
    let isUsual = port.isEmpty || port == (scheme == "https" ? "443" : "80")
    let path = request.first(of: "path")?.text ?? "/"
    return "\(scheme)://\(host)\(isUsual ? "" : ":\(port)")\(path)"
  }

  /// The status, or nil where the file says with a zero that there was no answer.
  private static func status(of response: Node) throws -> Int? {
    var node = response.first(of: "code", "Code", "status_code", "status", "Status")
    if let status = node, status.members != nil {
      node = status.first(of: "code", "status_code")
    }
    // Go writes "200 OK" beside the number, and some files have nothing else.
    let digits = node?.text?.prefix { $0 != " " }
    if digits == "0" { return nil }
    guard let status = digits.flatMap({ Int($0) }), (200...999).contains(status) else {
      throw ImportError(expected: "a status from 200 to 999", found: node, in: response)
    }
    return status
  }

  private static func http(_ node: Node) -> String? {
    switch node.text?.split(separator: "/").last {
    case "1.0": "1.0"
    case "1.1": "1.1"
    case "2", "2.0": "2"
    default: nil
    }
  }
}
