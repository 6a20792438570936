internal import Cassettes
internal import HTTP
internal import Planning
internal import Sockets

/// Whose requests a deck answers: those of programs that ask for it by its own address, and of web
/// pages that come from this machine.
///
/// A page in a browser can send requests to loopback, and by a name of its own that resolves to
/// 127.0.0.1 it could read the answers too; what it cannot choose is what the browser says in
/// `host`, `origin` and `sec-fetch-site`. (RFC 6454, 7; Fetch Metadata, 2.4)
struct ClientAccess: Sendable {
  private let host: String
  private let ownNames: Set<String>
  private let allowedHosts: Set<String>
  private let allowedOrigins: Set<String>
  private let interfaces: InterfaceAddresses?

  init(_ configuration: DeckConfiguration) {
    let listening = configuration.host.lowercased()
    let isEverywhere = ["0.0.0.0", "::"].contains(listening)
    host = isEverywhere ? "127.0.0.1" : listening.contains(":") ? "[\(listening)]" : listening
    ownNames = [Authority.address(listening) ?? listening]
    allowedHosts = Set(configuration.allowedHosts.map { $0.lowercased() })
    allowedOrigins = Set(configuration.allowedOrigins.map { $0.lowercased() })
    interfaces = isEverywhere ? InterfaceAddresses() : nil
  }

  /// Lets a request pass.
  ///
  /// - Parameters:
  ///   - request: a request, of which the body does not matter.
  ///   - port: the port that the deck listens on.
  /// - Throws: why it is not for this client.
  func check(_ request: DeckRequest, port: Int) throws(DeckRefusal) {
    let hosts = request.headers.filter { $0.isNamed("host") }.map(\.value)
    // In absolute form the target says whom a request is for, and a browser's proxy may be meant.
    // (RFC 9112, 3.2.2)
    let named = hosts + [RequestTarget.authority(of: request.target)].compactMap(\.self)
    guard !hosts.isEmpty else { throw Self.refusal(unnamed(port: port)) }
    for name in named where !isOwn(name, port: port) {
      throw Self.refusal(foreign(name, request, port: port))
    }
    try checkPage(request, hosts: hosts)
  }

  // MARK: Hosts

  private func isOwn(_ host: String, port: Int) -> Bool {
    guard let authority = Authority(host) else { return false }
    if allowedHosts.contains(host.lowercased()) || allowedHosts.contains(authority.name) {
      return true
    }
    // By hand one writes `host: localhost`: no page of another origin can, on whichever port.
    guard authority.port ?? (authority.isLoopback ? port : 80) == port else { return false }
    return authority.isLoopback || ownNames.contains(authority.name)
      || (authority.isAddress && interfaces?.contains(authority.name) == true)
  }

  private func unnamed(port: Int) -> String {
    "the request names no host: add the field host: \(host):\(port)"
  }

  private func foreign(_ name: String, _ request: DeckRequest, port: Int) -> String {
    let shown = name.utf8.count > 200 ? "\(name.prefix(200))…" : name
    let advice =
      request.method == "CONNECT" || RequestTarget.authority(of: request.target) != nil
      ? "the deck is not a proxy: set the client's base URL to http://\(host):\(port) and no proxy"
      : "use that address in the base URL, or allow the name with --allow-host "
        + (Authority(name)?.name ?? "NAME")
    return "this deck answers requests for \(host):\(port), not for '\(shown)': \(advice)"
  }

  // MARK: Pages

  private func checkPage(_ request: DeckRequest, hosts: [String]) throws(DeckRefusal) {
    let origins = request.headers.filter { $0.isNamed("origin") }.map(\.value)
    for origin in origins where !isAllowed(origin, hosts: hosts) {
      let shown = origin.utf8.count > 200 ? "\(origin.prefix(200))…" : origin
      throw Self.refusal(
        "a web page of '\(shown)' sent this request, and a deck answers only pages of this machine: "
          + "allow others with --allow-origin \(shown)")
    }
    let isCrossSite = request.headers.contains {
      $0.isNamed("sec-fetch-site") && $0.value.lowercased() == "cross-site"
    }
    guard isCrossSite, origins.isEmpty else { return }
    throw Self.refusal(
      "a web page of another site sent this request (sec-fetch-site: cross-site) without its origin: "
        + "a deck answers only pages of this machine; a page of another origin must use fetch, and "
        + "be allowed with --allow-origin ORIGIN")
  }

  /// Whether pages of an origin may ask: those of this machine, those that were allowed, and the
  /// deck's own.
  private func isAllowed(_ origin: String, hosts: [String]) -> Bool {
    let origin = origin.lowercased()
    if allowedOrigins.contains(origin) { return true }
    guard let scheme = ["http://", "https://"].first(where: origin.hasPrefix),
      let authority = Authority(origin.dropFirst(scheme.count))
    else { return false }
    return authority.isLoopback
      || hosts.contains { scheme == "http://" && Authority($0) == authority }
  }

  private static func refusal(_ message: String) -> DeckRefusal {
    DeckRefusal(status: 403, kind: .foreign, message)
  }
}
