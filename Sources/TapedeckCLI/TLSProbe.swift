import Cassettes
import Dispatch
import Libc

/// Finds out whether a server that gave no answer over http speaks TLS.
///
/// Such a server sees no TLS in a request and closes or says so in TLS, which no one can tell from other
/// failures; a hello of TLS tells, and asks for nothing.
struct TLSProbe {
  private let host: String
  private let port: String

  /// How long the server may take for each step.
  private static let patienceSeconds = 2

  private static let proxyVariables = ["http_proxy", "all_proxy", "ALL_PROXY"]

  /// A probe of the server of an http URL; nil where it has no host, or a proxy would be asked.
  init?(url: String) {
    let isProxied = Self.proxyVariables.contains { (name: String) in getenv(name) != nil }
    guard url.lowercased().hasPrefix("http://"), !isProxied else { return nil }
    let authority = url.dropFirst("http://".count).prefix { !"/?#".contains($0) }
    let place = authority.split(separator: "@").last ?? authority
    if place.hasPrefix("[") {
      host = String(place.dropFirst().prefix { $0 != "]" })
      port = place.lastIndex(of: ":").map { String(place[$0...].dropFirst()) } ?? "80"
    } else {
      let parts = place.split(separator: ":")
      host = parts.first.map(String.init) ?? ""
      port = parts.count > 1 ? String(parts[1]) : "80"
    }
    guard !host.isEmpty, UInt16(port) != nil else { return nil }
  }

  /// Whether the server answers a hello with a record of TLS: its own hello, or an alert.
  var findsTLS: Bool {
    guard let socket = connected() else { return false }
    defer { close(socket) }
    let hello = Self.hello
    // A signal of a peer that is gone is ignored by the whole program.
    guard send(socket, hello, hello.count, 0) == hello.count else { return false }
    var answer = [UInt8](repeating: 0, count: 5)
    guard recv(socket, &answer, answer.count, Int32(MSG_WAITALL)) == answer.count else {
      return false
    }
    return [0x15, 0x16].contains(answer[0]) && answer[1] == 3
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

extension TLSProbe {
  /// `: the server speaks TLS: use https://` where that is why an exchange has no answer, else nothing.
  static func advice(on exchange: Exchange, url: String) async -> String {
    guard exchange.head == nil, [.unreachable, .malformed].contains(exchange.ending.how),
      [nil, .request].contains(exchange.ending.stage), let probe = TLSProbe(url: url)
    else { return "" }
    // It waits for the network, which the threads that run tasks are not for.
    let findsTLS = await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: probe.findsTLS) }
    }
    return findsTLS ? ": the server speaks TLS: use https://" : ""
  }
}
