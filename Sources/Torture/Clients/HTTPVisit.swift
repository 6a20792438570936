internal import Cassettes
internal import HTTP
internal import Units

/// One request of the built-in client, over a connection of its own.
struct HTTPVisit {
  private let host: String
  private let port: Int
  private let target: String
  private let request: RecordedRequest
  private let deadline: Instant

  private static let answerLimitBytes = 256 << 20

  /// - Parameters:
  ///   - baseURL: `http://HOST:PORT`, with the directives behind it.
  ///   - request: what is asked below it.
  ///   - deadline: when it is given up.
  init(_ baseURL: String, _ request: RecordedRequest, until deadline: Instant) {
    let rest = baseURL.dropFirst("http://".count)
    let authority = rest.prefix { $0 != "/" }
    let colon = authority.lastIndex(of: ":") ?? authority.endIndex
    host = String(authority[..<colon].filter { $0 != "[" && $0 != "]" })
    port = Int(authority[colon...].dropFirst()) ?? 80
    target = rest.dropFirst(authority.count) + request.target
    self.request = request
    self.deadline = deadline
  }

  /// What comes, as an exchange: how it ended is the client's own finding.
  func answer(within readTimeout: Duration) -> Exchange {
    guard let socket = BlockingSocket(host: host, port: port) else {
      return exchange(ResponseReader([]), .unreachable)
    }
    guard socket.send(requestBytes) else { return exchange(ResponseReader([]), .reset) }
    var received: [UInt8] = []
    while received.count < Self.answerLimitBytes {
      let patience = min(deadline, Instant.now() + readTimeout)
      switch socket.receive(into: &received, until: patience) {
      case .some:
        // What is still on its way would only have to be read again.
        guard !socket.hasMore else { continue }
        let reader = ResponseReader(received)
        if reader.status != nil, reader.missing == nil, reader.isSelfDelimited {
          return exchange(reader, .complete)
        }
      case .end:
        let reader = ResponseReader(received)
        return exchange(reader, reader.missing == nil ? .complete : .truncated)
      case .reset: return exchange(ResponseReader(received), .reset)
      case .timeout: return exchange(ResponseReader(received), .timeout)
      }
    }
    return exchange(ResponseReader(received), .cancelled)
  }

  private var requestBytes: [UInt8] {
    var head = "\(request.method) \(target) HTTP/1.1\r\nhost: \(host):\(port)\r\n"
    for field in request.headers where Self.sent.contains(field.name.lowercased()) {
      head += "\(field.name): \(field.value)\r\n"
    }
    return Array("\(head)content-length: \(request.body.count)\r\n\r\n".utf8) + request.body
  }

  private static let sent: Set<String> = ["content-type", "accept", "anthropic-version"]

  /// What was received, as a recorder would have it.
  private func exchange(_ reader: ResponseReader, _ how: Ending.How) -> Exchange {
    var body = reader.body
    var how = how
    var decoded: String?
    if reader.headers.value(of: "content-encoding")?.lowercased() == "gzip" {
      let (bytes, isWhole) = Gzip.inflated(body)
      (body, decoded) = (bytes, "gzip")
      if !isWhole, how == .complete { how = .truncated }
    }
    let head = reader.status.map {
      ResponseHead(status: $0, headers: reader.headers, decoded: decoded)
    }
    return Exchange(
      request: request, head: head, body: body,
      chunks: body.isEmpty ? [] : [Chunk(end: body.count, at: .zero)],
      ending: Ending(how: how))
  }
}
