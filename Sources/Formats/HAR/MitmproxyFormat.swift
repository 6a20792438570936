internal import Cassettes
internal import Documents
internal import HTTP

/// The flow files of mitmproxy, of all versions.
struct MitmproxyFormat: ImportFormat {
  let name = "mitmproxy"
  let title = "mitmproxy"

  func recognizes(_ opening: Opening) -> Certainty {
    let digits = opening.bytes.prefix { (0x30...0x39).contains($0) }
    guard (2...12).contains(digits.count) else { return .no }
    let rest = opening.bytes.dropFirst(digits.count)
    let inner = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
    guard rest.first == UInt8(ascii: ":"), (1...3).contains(inner.count),
      rest.dropFirst(1 + inner.count).first == UInt8(ascii: ":")
    else { return .no }
    let marks = ["client_conn", "server_conn", "timestamp_start", "websocket", "intercepted"]
    return marks.contains { opening.contains($0) } ? .certain : .likely
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let strings = Tnetstrings(input.feed, limits: input.limits)
    var others: [(kind: String, count: Int)] = []
    while let (flow, byte) = try strings.next() {
      do {
        guard flow.members != nil else { throw ImportError.expected("a flow's mapping", flow) }
        if let kind = Self.foreignKind(of: flow) {
          if let place = others.firstIndex(where: { $0.kind == kind }) {
            others[place].count += 1
          } else {
            others.append((kind, 1))
          }
          continue
        }
        try emit(try Self.capture(flow))
      } catch let error as ImportError where error.byte == nil && error.line == 0 {
        throw ImportError(error.reason, byte: byte)
      }
    }
    for (kind, count) in others {
      input.note("left out: \(count) \(kind) flow\(count == 1 ? "" : "s") (no exchange of HTTP)")
    }
  }

  /// What kind of flow it is, where it is no exchange of HTTP; else nil.
  private static func foreignKind(of flow: Node) -> String? {
    if let type = flow["type"]?.text, type != "http" { return type.uppercased() }
    if let socket = flow["websocket"], !socket.isNull { return "WebSocket" }
    if flow[path: ["response", "status_code"]]?.int == 101 { return "WebSocket" }
    if flow[path: ["request", "method"]]?.hasBytes(of: "CONNECT") == true { return "CONNECT" }
    return nil
  }

  private static func capture(_ flow: Node) throws -> Capture {
    guard let request = flow["request"], request.members != nil else {
      throw ImportError("expected a mapping with request in a flow, and found none")
    }
    var capture = Capture()
    capture.request.method = try text("method", of: request)
    capture.request.headers = try headers("headers", of: request)
    capture.request.url = try url(of: request, capture.request.headers)
    let sent = try body(of: request)
    capture.request.body = sent ?? []
    if sent == nil, (capture.request.headers.value(of: "content-length") ?? "0") != "0" {
      capture.losses.append("its request's body is not in the file")
    }
    let startedAt = try time("timestamp_start", of: request)
    let sentAt = try time("timestamp_end", of: request) ?? startedAt
    capture.at = startedAt
    if let response = flow["response"], !response.isNull {
      guard response.members != nil else {
        throw ImportError.expected("a mapping for response", response)
      }
      try add(response, sentAt: sentAt, to: &capture)
    }
    if let error = flow["error"], !error.isNull {
      capture.endingDetail = try text("msg", of: error) ?? "the flow failed"
      MitmproxyFailure(capture.endingDetail ?? "").settle(&capture)
    }
    return capture
  }

  private static func add(_ response: Node, sentAt: Int64?, to capture: inout Capture) throws {
    let status = response["status_code"] ?? response["code"]
    guard let number = status?.int, (200...999).contains(number) else {
      throw ImportError("expected a status from 200 to 999 in status_code, and found none")
    }
    capture.status = number
    capture.headers = try headers("headers", of: response)
    capture.http = try version(of: response)
    capture.trailers = try headers("trailers", of: response)
    let body = try body(of: response)
    capture.body = body ?? []
    if let sentAt, let start = try time("timestamp_start", of: response) {
      let end = try time("timestamp_end", of: response) ?? start
      capture.times = .span(head: span(from: sentAt, to: start), end: span(from: sentAt, to: end))
    }
    // An answer that went through as a stream is not kept.
    guard body == nil, ![204, 304].contains(number), capture.request.method != "HEAD",
      capture.headers.value(of: "content-length") != "0"
    else { return }
    capture.losses.append(
      "its body is not in the file: mitmproxy streamed it (store_streamed_bodies)")
    capture.ending = .truncated
    capture.endingDetail = "the file does not hold the body"
  }

  private static func span(from start: Int64, to end: Int64) -> Microseconds {
    let (span, overflow) = end.subtractingReportingOverflow(start)
    return overflow ? .limit : Microseconds(saturating: span)
  }

  /// The URL of a request: of HTTP/2 the authority, else the host that mitmproxy asked.
  private static func url(of request: Node, _ headers: [HeaderField]) throws -> String? {
    guard let path = try text("path", of: request) else { return nil }
    guard path.hasPrefix("/") || path == "*", let host = try text("host", of: request),
      !host.isEmpty
    else { return path }
    let scheme = try text("scheme", of: request) ?? "http"
    let port = try text("port", of: request)
    let isUsual = port == nil || port == (scheme == "https" ? "443" : "80")
    let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    return "\(scheme)://\(name)\(isUsual ? "" : ":\(port ?? "")")\(path)"
  }

  // MARK: Members

  private static func body(of message: Node) throws -> [UInt8]? {
    guard let content = message["content"] ?? message["body"], !content.isNull else { return nil }
    guard let bytes = content.bytes else {
      throw ImportError.expected("bytes for content", content)
    }
    return bytes
  }

  private static func version(of message: Node) throws -> String? {
    if let numbers = message["httpversion"]?.items {
      return numbers.compactMap(\.text).joined(separator: ".")
    }
    return try text("http_version", of: message)?.split(separator: "/").last.map(String.init)
  }

  private static func text(_ key: String, of node: Node) throws -> String? {
    guard let value = node[key], !value.isNull else { return nil }
    guard let text = value.text else { throw ImportError.expected("a text for \(key)", value) }
    return text
  }

  private static func time(_ key: String, of node: Node) throws -> Int64? {
    guard let value = node[key], !value.isNull else { return nil }
    guard let seconds = value.double, let time = HARTime.microseconds(seconds: seconds) else {
      throw ImportError.expected("a number of seconds for \(key)", value)
    }
    return time
  }

  private static func headers(_ key: String, of message: Node) throws -> [HeaderField] {
    guard let headers = message[key], !headers.isNull else { return [] }
    guard let items = headers.items else {
      throw ImportError.expected("a sequence for \(key)", headers)
    }
    return try items.compactMap { pair in
      guard let parts = pair.items, parts.count == 2, let name = parts[0].text,
        let value = parts[1].bytes ?? (parts[1].isNull ? [] : nil)
      else { throw ImportError.expected("a pair of name and value in \(key)", pair) }
      return name.isToken ? HeaderField.imported(name, Latin1.string(of: value)) : nil
    }
  }
}

/// How a flow failed, by what mitmproxy says of it.
private struct MitmproxyFailure {
  private let text: String

  init(_ text: String) { self.text = text.lowercased() }

  /// Writes the failure into a capture.
  func settle(_ capture: inout Capture) {
    func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    capture.endingStage =
      if has("resolve", "getaddrinfo", "name or service", "nodename") {
        .dns
      } else if has("tls", "ssl", "certificate") {
        .tls
      } else if has("refused", "unreachable", "connect call failed", "connecting to", "errno 111") {
        .connect
      } else {
        .request
      }
    guard capture.status != nil else {
      capture.ending = .unreachable
      return
    }
    capture.ending =
      if has("reset") {
        .reset
      } else if has("timed out", "timeout") {
        .timeout
      } else {
        .truncated
      }
  }
}
