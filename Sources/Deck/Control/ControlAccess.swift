internal import Cassettes
internal import HTTP

/// Who of the deck's own users may see its own pages: beyond loopback, those who have the token.
struct ControlAccess: Sendable {
  private let token: String?
  private let needsToken: Bool

  init(_ configuration: DeckConfiguration) {
    token = configuration.token
    needsToken = configuration.isBeyondLoopback || token != nil
  }

  /// Lets a request pass.
  ///
  /// - Parameter request: a request for one of the pages.
  /// - Throws: why it may not see them.
  func check(_ request: DeckRequest) throws(DeckRefusal) {
    // A preflight cannot carry a token. (Fetch, 4.8)
    guard needsToken, !request.isPreflight else { return }
    guard let token else {
      throw DeckRefusal(
        status: 403, "a deck that listens beyond loopback shows its own pages only with a token")
    }
    let given = request.headers.first { $0.isNamed("authorization") }?.utf8Value ?? ""
    guard given.lowercased().hasPrefix("bearer "), Self.areEqual(given.dropFirst(7), token) else {
      throw DeckRefusal(
        status: 401, "the deck's own pages need its token: authorization: Bearer TOKEN",
        headers: [HeaderField("www-authenticate", "Bearer")])
    }
  }

  /// Compares in a time that does not depend on where two texts of one length differ.
  private static func areEqual(_ a: some StringProtocol, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    return a.count == b.count && zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
