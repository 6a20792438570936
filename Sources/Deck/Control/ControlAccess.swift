internal import Cassettes

/// Who may see the deck's own pages.
///
/// A page in a browser can send requests to loopback, and by a name of its own that resolves to
/// 127.0.0.1 it could read the answers too; what it cannot choose is the `host` and the `origin` that the
/// browser sends. Beyond loopback a token is needed besides.
struct ControlAccess: Sendable {
  private static let loopback = ["127.0.0.1", "localhost", "[::1]"]

  private let ownNames: [String]
  private let allowed: [String]
  private let token: String?
  private let needsToken: Bool

  init(_ configuration: DeckConfiguration) {
    let host = configuration.host.lowercased()
    ownNames = Self.loopback + [host.contains(":") ? "[\(host)]" : host]
    allowed = configuration.allowedHosts.map { $0.lowercased() }
    token = configuration.token
    needsToken = configuration.isBeyondLoopback || token != nil
  }

  /// Lets a request pass.
  ///
  /// - Parameters:
  ///   - request: a request for one of the pages.
  ///   - port: the port that the deck listens on.
  /// - Throws: why it may not see them.
  func check(_ request: DeckRequest, port: Int) throws(DeckRefusal) {
    let hosts = request.headers.filter { $0.isNamed("host") }.map { $0.value.lowercased() }
    guard hosts.count == 1, isOwn(hosts[0], port: port) else {
      throw DeckRefusal(
        status: 403,
        "the deck shows its own pages to requests for 127.0.0.1:\(port), not for "
          + "'\(hosts.joined(separator: ", "))': --allow-host NAME lets another name in")
    }
    if let origin = request.headers.value(of: "origin"), !isOwn(origin: origin.lowercased()) {
      throw DeckRefusal(
        status: 403,
        "the deck shows its own pages to no web page of '\(origin)': --allow-host NAME lets those "
          + "of a host in")
    }
    // A preflight cannot carry a token. (Fetch, 4.8)
    guard needsToken, !request.isPreflight else { return }
    guard let token else {
      throw DeckRefusal(
        status: 403, "a deck that listens beyond loopback shows its own pages only with a token")
    }
    let given = request.headers.value(of: "authorization") ?? ""
    guard given.lowercased().hasPrefix("bearer "), Self.areEqual(given.dropFirst(7), token) else {
      throw DeckRefusal(
        status: 401, "the deck's own pages need its token: authorization: Bearer TOKEN",
        headers: [HeaderField("www-authenticate", "Bearer")])
    }
  }

  private func isOwn(_ host: String, port: Int) -> Bool {
    let (name, given) = Self.parts(of: host)
    if allowed.contains(host) || allowed.contains(name) { return true }
    return ownNames.contains(name) && given == "\(port)"
  }

  /// Whether a page comes from a server that is trusted, on whichever port.
  private func isOwn(origin: String) -> Bool {
    guard let scheme = origin.firstRange(of: "://") else { return false }
    let host = String(origin[scheme.upperBound...])
    let name = Self.parts(of: host).name
    return allowed.contains(host) || allowed.contains(name) || ownNames.contains(name)
  }

  /// A host's name, an IPv6 address in its brackets, and its port, "80" where it gives none.
  private static func parts(of host: String) -> (name: String, port: String) {
    guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") else { return (host, "80") }
    return (String(host[..<colon]), String(host[host.index(after: colon)...]))
  }

  /// Compares in a time that does not depend on where two texts of one length differ.
  private static func areEqual(_ a: some StringProtocol, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    return a.count == b.count && zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
