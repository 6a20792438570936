package import Cassettes
internal import Libc
internal import Threads

/// Finds out whether a server that gave no answer speaks the other one of http and https.
///
/// Such a server closes, which no one can tell from other failures. A hello of TLS tells, or a
/// request for nothing, `OPTIONS *`, without anything of the one that failed.
package struct SchemeProbe: Sendable {
  private let host: String
  private let port: String
  private let isSecure: Bool

  /// How long the server may take for each step.
  private static let patienceSeconds = 2

  private static let proxyVariables = [
    "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
  ]

  /// A probe of the server of a URL; nil where it has no host, or a proxy would be asked.
  package init?(url: String) {
    let isProxied = Self.proxyVariables.contains { (name: String) in getenv(name) != nil }
    guard !isProxied, let scheme = url.firstRange(of: "://") else { return nil }
    switch url[..<scheme.lowerBound].lowercased() {
    case "http": isSecure = false
    case "https": isSecure = true
    default: return nil
    }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    let place = authority.split(separator: "@").last ?? authority
    let usual = isSecure ? "443" : "80"
    if place.hasPrefix("[") {
      host = String(place.dropFirst().prefix { $0 != "]" })
      let behind = place.drop { $0 != "]" }.dropFirst()
      port = behind.hasPrefix(":") ? String(behind.dropFirst()) : usual
    } else {
      let parts = place.split(separator: ":")
      host = parts.first.map(String.init) ?? ""
      port = parts.count > 1 ? String(parts[1]) : usual
    }
    guard !host.isEmpty, UInt16(port) != nil else { return nil }
  }

  /// Whether an exchange ended in a way for which the wrong scheme may be the cause.
  package static func mayExplain(_ ending: Ending, hasHead: Bool) -> Bool {
    !hasHead && [.unreachable, .malformed].contains(ending.how)
      && [nil, .request, .tls].contains(ending.stage)
  }

  /// `the server speaks TLS: use https://`, or the like, where that is so; it may take some
  /// seconds.
  package var advice: String? {
    let isTLS = answer(to: Self.hello).map { [0x15, 0x16].contains($0[0]) && $0[1] == 3 } == true
    if isSecure {
      // One that speaks both has another reason to fail.
      guard !isTLS else { return nil }
      let request = Array("OPTIONS * HTTP/1.0\r\n\r\n".utf8)
      return answer(to: request).map { $0.starts(with: "HTTP/".utf8) } == true
        ? "the server does not speak TLS: use http://" : nil
    }
    return isTLS ? "the server speaks TLS: use https://" : nil
  }

  /// The same without blocking; nil too where there is no thread for it.
  package func foundAdvice() async -> String? {
    await SystemThread.run { advice } ?? nil
  }

  /// The first bytes that the server answers with; nil where it answers nothing.
  private func answer(to bytes: [UInt8]) -> [UInt8]? {
    guard let socket = connected() else { return nil }
    defer { close(socket) }
    // A signal of a peer that is gone is ignored by the whole program.
    guard send(socket, bytes, bytes.count, 0) == bytes.count else { return nil }
    var answer = [UInt8](repeating: 0, count: 5)
    guard recv(socket, &answer, answer.count, Int32(MSG_WAITALL)) == answer.count else {
      return nil
    }
    return answer
  }

  private func connected() -> Int32? {
    var hints = addrinfo()
    hints.ai_socktype = Self.streamType
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, port, &hints, &found) == 0, let first = found?.pointee else {
      return nil
    }
    defer { freeaddrinfo(found) }
    let socket = Libc.socket(first.ai_family, first.ai_socktype, first.ai_protocol)
    guard socket >= 0 else { return nil }
    var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    guard connect(socket, first.ai_addr, first.ai_addrlen) == 0 else {
      close(socket)
      return nil
    }
    return socket
  }

  #if canImport(Glibc)
    private static let streamType = Int32(SOCK_STREAM.rawValue)
  #else
    private static let streamType = SOCK_STREAM
  #endif

  /// A hello of TLS 1.2 without extensions: a server answers it with its own, or with an alert.
  /// (RFC 5246, 7.4.1.2)
  private static let hello: [UInt8] = {
    let suites: [UInt8] = [0xC0, 0x2F, 0xC0, 0x2B, 0x00, 0x9C, 0x00, 0x2F]
    let random = [UInt8](repeating: 0x5A, count: 32)
    let body = [3, 3] + random + [0, 0, UInt8(suites.count)] + suites + [1, 0]
    let handshake = [1, 0, 0, UInt8(body.count)] + body
    return [0x16, 3, 1, 0, UInt8(handshake.count)] + handshake
  }()
}
