internal import Cassettes
internal import Documents
internal import HTTP
internal import LosslessJSON

/// One pair of request and response of Hoverfly.
struct HoverflyPair {
  private let node: Node
  private let request: Node
  private let response: Node

  init(_ node: Node) throws(ImportError) {
    try node.checkMapping("a pair")
    guard let request = node["request"], request.members != nil else {
      throw ImportError("expected a pair to have a request, a mapping", line: node.line)
    }
    guard let response = node["response"], response.members != nil else {
      throw ImportError("expected a pair to have a response, a mapping", line: node.line)
    }
    self.node = node
    self.request = request
    self.response = response
  }

  /// Its part in a sequence: the state in which it answers, and the one that follows.
  var step: ScenarioOrder.Step? {
    let required = request["requiresState"]
    let next = response["transitionsState"]
    guard let key = (required?.members?.first ?? next?.members?.first)?.key.text else { return nil }
    return ScenarioOrder.Step(
      scenario: key, required: required?[key]?.text, next: next?[key]?.text)
  }

  /// The exchange that it stands for; `sibling` gives the bytes of files beside it, and `delays`
  /// are those of all pairs.
  func capture(
    of sibling: (String) throws -> [UInt8]?, delays: [Node]
  ) throws -> Capture {
    var losses: [String] = []
    let method = text(of: "method", losses: &losses)
    let host = text(of: "destination", losses: &losses)
    let scheme = text(of: "scheme", losses: &losses) ?? "https"
    var path = PatternText.withoutSpaces(text(of: "path", losses: &losses) ?? "/")
    if !path.hasPrefix("/") { path = "/" + path }
    path += query(losses: &losses)
    var capture = Capture(
      .init(
        method: method,
        url: host.map { "\(scheme)://\(PatternText.withoutSpaces($0))\(path)" } ?? path,
        headers: headers(losses: &losses),
        body: Array((text(of: "body", losses: &losses) ?? "").utf8)),
      line: node.line)
    capture.status = try response.wholeNumber("status") ?? 200
    capture.headers = response["headers"]?.fields ?? []
    capture.body = try body(sibling, losses: &losses)
    if response["templated"]?.isTrue == true, capture.body.contains(UInt8(ascii: "{")) {
      losses.append("its answer is a template, which is taken as it stands")
    }
    try settleDelay(of: &capture, delays)
    capture.losses = losses
    return capture
  }

  private func settleDelay(of capture: inout Capture, _ delays: [Node]) throws(ImportError) {
    let own = try response.wholeNumber("fixedDelay").map(Double.init)
    let logNormal = response["logNormalDelay"]?["median"]?.double
    let general = delays.first { fits($0, capture) }
    let delay = own ?? logNormal ?? (general?["delay"] ?? general?["median"])?.double
    guard let delay, delay > 0 else { return }
    capture.isMadeUp = true
    let at = Microseconds(milliseconds: delay)
    let chunks = capture.body.isEmpty ? [] : [Chunk(end: capture.body.count, at: at)]
    capture.times = .arrivals(chunks, head: at, end: at)
  }

  /// Whether a delay of all pairs is one of this pair; its pattern stands somewhere in the URL.
  private func fits(_ delay: Node, _ capture: Capture) -> Bool {
    if let method = delay["httpMethod"]?.text, !method.isEmpty, method != capture.request.method {
      return false
    }
    let (literal, isWhole) = PatternText.literal(of: delay["urlPattern"]?.text ?? "")
    let isAny = ["", ".", ".*"].contains(delay["urlPattern"]?.text ?? "")
    return isAny || isWhole && (capture.request.url ?? "").contains(literal)
  }

  private func body(
    _ sibling: (String) throws -> [UInt8]?, losses: inout [String]
  ) throws -> [UInt8] {
    if let name = response["bodyFile"]?.text, !name.isEmpty {
      let isInside =
        !name.hasPrefix("/") && !name.split(separator: "/").contains("..") && !name.contains("://")
      if isInside, let bytes = try sibling(name) { return bytes }
      losses.append("its body stands in the file \(name), which is not there")
      return []
    }
    guard let body = response["body"], !body.isNull else { return [] }
    let bytes = body.bytes ?? body.json.bytes
    guard response["encodedBody"]?.isTrue == true else { return bytes }
    guard let decoded = Base64Text.decoded(bytes) else {
      throw ImportError("expected body to be base64, as encodedBody says", line: body.line)
    }
    return decoded
  }
}

extension HoverflyPair {
  /// The one value that a part of the request must have, or nil.
  private func text(of key: String, losses: inout [String]) -> String? {
    guard let node = request[key], !node.isNull else { return nil }
    let (text, isExact) = Self.value(of: node)
    if !isExact {
      let shown = text.map { ": \($0.prefix(60)) stands for it" } ?? ", which is left out"
      losses.append("it matches the \(key) by a pattern\(shown)")
    }
    return text
  }

  /// What a matcher says, and whether that is all that fits: matchers are a list, a mapping, or the
  /// text itself, by the version of the schema.
  private static func value(of node: Node) -> (text: String?, isExact: Bool) {
    if let text = node.text { return (text, true) }
    if let items = node.items {
      if let exact = items.first(where: { isExact($0["matcher"]?.text) }) {
        return (text(exact["value"]), items.count == 1)
      }
      let pattern = items.first { ["glob", "regex"].contains($0["matcher"]?.text) }
      return (pattern.flatMap { literal($0["value"], $0["matcher"]?.text) }, items.isEmpty)
    }
    for key in ["exactMatch", "jsonMatch", "xmlMatch"] {
      if let exact = node[key], !exact.isNull { return (text(exact), true) }
    }
    if let pattern = node["globMatch"]?.text { return (glob(pattern), false) }
    let regex = node["regexMatch"]?.text
    return (regex.map { PatternText.literal(of: $0).text }, node.members?.isEmpty == true)
  }

  private static func isExact(_ matcher: String?) -> Bool {
    ["exact", "json", "xml", ""].contains(matcher ?? "")
  }

  private static func text(_ node: Node?) -> String? {
    node.map { $0.text ?? String(decoding: $0.json.bytes, as: UTF8.self) }
  }

  private static func literal(_ node: Node?, _ matcher: String?) -> String? {
    guard let pattern = node?.text else { return nil }
    return matcher == "glob" ? glob(pattern) : PatternText.literal(of: pattern).text
  }

  private static func glob(_ pattern: String) -> String { String(pattern.prefix { $0 != "*" }) }

  private func headers(losses: inout [String]) -> [HeaderField] {
    var fields: [HeaderField] = []
    let members =
      (request["headers"]?.members ?? []) + (request["headersWithMatchers"]?.members ?? [])
    for member in members {
      guard let name = member.key.text, name.isToken else { continue }
      let isMatcher =
        member.value.members != nil || member.value.items?.contains { $0.members != nil } == true
      if isMatcher {
        let (value, isExact) = Self.value(of: member.value)
        if isExact, let value {
          fields.append(HeaderField.imported(name, value))
        } else if !isExact {
          losses.append("it matches the header \(name) by a pattern, which is left out")
        }
      } else {
        let node = Node(.mapping([.init(key: member.key, value: member.value)]))
        fields += node.fields
      }
    }
    return fields
  }

  private func query(losses: inout [String]) -> String {
    let query = request["query"]
    let isText = query.map { $0.text != nil || $0["exactMatch"] != nil || $0.items != nil } ?? false
    if isText || request["deprecatedQuery"] != nil {
      let key = isText ? "query" : "deprecatedQuery"
      let text = PatternText.withoutSpaces(text(of: key, losses: &losses) ?? "")
      return text.isEmpty ? "" : "?" + text
    }
    var pairs: [String] = []
    for member in query?.members ?? request["queriesWithMatchers"]?.members ?? [] {
      guard let name = member.key.text else { continue }
      let (value, isExact) = Self.value(of: member.value)
      if isExact, let value {
        pairs.append("\(PatternText.escaped(name))=\(PatternText.escaped(value))")
      } else {
        losses.append("it matches the parameter \(name) by a pattern, which is left out")
      }
    }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }
}
