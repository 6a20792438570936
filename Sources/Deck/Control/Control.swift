internal import Cassettes
internal import HTTP
internal import Planning

/// The deck's own pages, under `/~/`.
struct Control: Sendable {
  private let access: ControlAccess
  private let pages: [any ControlPage]

  init(configuration: DeckConfiguration, shelf: Shelf, state: DeckState) {
    access = ControlAccess(configuration)
    pages = [
      HealthPage(mode: configuration.forwarding.mode, shelf: shelf, state: state),
      ExchangesPage(shelf: shelf),
      JournalPage(rules: shelf.rules, state: state),
      SessionPage(
        shelf: shelf, state: state, forwards: configuration.forwarding.mode.forwards,
        sessionFolder: configuration.sessionFolder.map(CassettePath.resolved)),
      OutcomePage(state: state), MetricsPage(state: state),
      WatchPage(rules: shelf.rules, shelf: shelf, state: state),
    ]
  }

  /// Whether a page costs next to nothing, and must come whatever else is asked.
  func isBrief(_ target: String) -> Bool {
    let path = ControlQuery(target: target).path
    return pages.contains { $0.isBrief && $0.argument(of: path) != nil }
  }

  /// Answers a request for a page.
  ///
  /// - Parameters:
  ///   - request: what was asked.
  ///   - target: its target, which begins with `/~/`.
  /// - Returns: the page.
  /// - Throws: where there is no such page, or it is not for this client.
  func reply(to request: DeckRequest, target: String) throws(DeckRefusal) -> DeckReply {
    var query = ControlQuery(target: target)
    let pages = pages.filter { $0.isFor(request) }
    let found = pages.lazy.compactMap { page in page.argument(of: query.path).map { (page, $0) } }
    guard let (page, argument) = found.first else {
      throw DeckRefusal(
        status: 404,
        "the deck has no page /~/\(query.path): there are "
          + pages.map { "/~/\($0.name)" }.joined(separator: ", "))
    }
    if !page.isOpen { try access.check(request) }
    if request.method == "OPTIONS" { return .options(request, methods: page.methods) }
    let methods = page.methods + ["HEAD", "OPTIONS"]
    guard methods.contains(request.method) else {
      throw DeckRefusal(
        status: 405, "/~/\(query.path) accepts \(page.methods.joined(separator: " and "))",
        headers: [HeaderField("allow", methods.joined(separator: ", "))])
    }
    if page.methods.contains("POST") {
      var request = request
      request.joinBody()
      query.body = request.body
    }
    return try page.reply(to: request.method, argument: argument, query: query)
  }
}

/// One of the deck's own pages.
protocol ControlPage: Sendable {
  /// Where it stands below `/~/`; a name that ends with `/` takes what follows as its argument.
  var name: String { get }

  /// The methods that it answers, beside HEAD and OPTIONS.
  var methods: [String] { get }

  /// Whether anybody may see it.
  var isOpen: Bool { get }

  /// Whether it costs so little that it is put together on the event loop.
  var isBrief: Bool { get }

  /// Whether it is there for who asks.
  func isFor(_ request: DeckRequest) -> Bool

  /// Answers one of its methods; HEAD is a GET whose body is not sent.
  ///
  /// - Throws: where there is nothing of what was asked for, or it was asked for wrongly.
  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
}

extension ControlPage {
  var methods: [String] { ["GET"] }
  var isOpen: Bool { false }
  var isBrief: Bool { false }
  func isFor(_ request: DeckRequest) -> Bool { true }

  /// What a path says behind the page's name, or nil where it is another page's.
  fileprivate func argument(of path: Substring) -> String? {
    guard name.hasSuffix("/") else { return path == name ? "" : nil }
    return path.hasPrefix(name) && path.count > name.count
      ? String(path.dropFirst(name.count)) : nil
  }
}
