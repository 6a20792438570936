internal import Cassettes
internal import Dialects
internal import HTTP
internal import Planning

/// An answer in the deck's own words.
struct DeckReply {
  var status: Int
  var headers: [HeaderField] = []
  var body: [UInt8] = []
  /// What follows of a page that is long.
  var rest: (any PagePieces)?
  var closes = false

  /// The refusal as an error of the API that was asked.
  static func error(_ refusal: DeckRefusal, _ dialect: any Dialect) -> DeckReply {
    let reply = dialect.reply(
      to: APIError(status: refusal.status, message: "tapedeck: \(refusal.message)"))
    var headers = reply.headers.map { HeaderField($0.name, $0.value) }
    // A client must not spend its retries on what the next attempt cannot mend.
    headers.removeAll { $0.isNamed("x-should-retry") }
    if !refusal.mayRetry { headers.append(HeaderField("x-should-retry", "false")) }
    headers += refusal.headers
    return DeckReply(
      status: reply.status, headers: headers, body: reply.body, closes: refusal.closes)
  }

  /// A page of the deck's own, which is never what it was before.
  static func page(type: String = "application/json", _ body: [UInt8]) -> DeckReply {
    DeckReply(
      status: 200,
      headers: [HeaderField("content-type", type), HeaderField("cache-control", "no-store")],
      body: body)
  }

  /// A page that is never longer in memory than a piece of it.
  static func page(of pieces: some PagePieces) -> DeckReply {
    var pieces = pieces
    var reply = page(pieces.next() ?? [])
    // Most pages are one piece, and whole now.
    guard let second = pieces.next() else { return reply }
    reply.rest = PiecesAhead(ahead: second, pieces: pieces)
    return reply
  }

  /// What a path can be asked, and for a preflight that a page may ask it. (Fetch, 3.2.2)
  static func options(_ request: DeckRequest, methods: [String]) -> DeckReply {
    let allowed = Set(methods).union(["OPTIONS"]).sorted().joined(separator: ", ")
    var reply = DeckReply(status: 204, headers: [HeaderField("allow", allowed)])
    guard let method = request.headers.value(of: "access-control-request-method"),
      method.isVisibleASCII
    else { return reply }
    let asked = request.headers.value(of: "access-control-request-headers") ?? "*"
    let headers = asked.isVisibleASCII ? asked : "*"
    reply.headers = [
      HeaderField(
        "vary",
        "origin, access-control-request-method, access-control-request-headers, "
          + "access-control-request-private-network"),
      HeaderField("access-control-allow-methods", method),
      HeaderField("access-control-allow-headers", headers),
      HeaderField("access-control-max-age", "600"),
    ]
    // A page of a public server, which a user has allowed to ask this machine. (Private Network
    // Access, 3.1)
    if request.headers.value(of: "access-control-request-private-network")?.lowercased() == "true" {
      reply.headers.append(HeaderField("access-control-allow-private-network", "true"))
    }
    return reply
  }
}

/// Pieces of which the next was looked at.
private struct PiecesAhead: PagePieces {
  var ahead: [UInt8]?
  var pieces: any PagePieces

  mutating func next() -> [UInt8]? { ahead.take() ?? pieces.next() }
}

/// The rest of a page.
protocol PagePieces: Sendable {
  /// The next piece, some tens of KiB, or nil at the end.
  mutating func next() -> [UInt8]?
}

extension PagePieces {
  /// About how many bytes a piece has.
  static var pieceBytes: Int { 64 << 10 }
}
