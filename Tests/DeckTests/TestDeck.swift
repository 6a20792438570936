import Cassettes
import Deck
import Dispatch
import HTTP
import LosslessJSON
import Matching
import Planning
import TestSupport

/// A deck on a free port for the length of a test.
enum TestDeck {
  /// Runs `body`, which may block, with the port of a deck that serves the exchanges.
  @discardableResult
  static func serve<Result: Sendable>(
    _ exchanges: [Exchange], also others: [(String, [Exchange])] = [],
    comparing comparison: Comparison = Comparison(),
    _ configure: @Sendable (inout DeckConfiguration) throws -> Void = { _ in },
    _ body: @escaping @Sendable (Int) throws -> Result
  ) async throws -> (value: Result, report: DeckReport) {
    var configuration = DeckConfiguration()
    configuration.threads = 2
    // Requests as they are written here do not know the port.
    configuration.allowedHosts = ["deck.test"]
    try configure(&configuration)
    var library = Library(comparing: comparison)
    library.add(cassette: "main", exchanges)
    for (name, exchanges) in others { library.add(cassette: name, exchanges) }
    return try await DeckServer(configuration: configuration, library: library).run { deck in
      try await blocking { try body(deck.port) }
    }
  }

  /// Runs what blocks on a thread of its own.
  static func blocking<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await TestSupport.blocking(body)
  }
}

extension Exchange {
  /// An exchange whose chunks come 1 ms apart.
  static func recorded(
    _ chunks: [String], how: Ending.How = .complete, framing: ResponseHead.Framing = .chunked,
    method: String = "POST", target: String = "/v1/messages", body: String = "", status: Int = 200,
    at second: Int = 0, headers: [HeaderField] = [HeaderField("content-type", "text/event-stream")]
  ) -> Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "9f2c41d07ab35e\(second < 10 ? "0" : "")\(second)",
        at: "2026-11-22T11:00:\(second < 10 ? "0" : "")\(second).000000Z", method: method,
        url: "https://api.example.com\(target)", body: Array(body.utf8)),
      head: ResponseHead(
        status: status, framing: framing, headers: headers, at: Microseconds(saturating: 1000)),
      ending: Ending(how: how, at: Microseconds(saturating: Int64(chunks.count) * 1000 + 2000)))
    for (index, chunk) in chunks.enumerated() {
      exchange.append(
        chunk: Array(chunk.utf8), at: Microseconds(saturating: Int64(index) * 1000 + 2000))
    }
    if how == .unreachable { exchange.head = nil }
    return exchange
  }

  /// An error answer.
  static func failed(_ status: Int, body: String = "", at second: Int) -> Exchange {
    .recorded(
      ["{\"status\":\(status)}"], body: body, status: status, at: second,
      headers: [HeaderField("content-type", "application/json")])
  }
}

/// A request as it goes over the wire.
func request(
  _ target: String = "/v1/messages", method: String = "POST", body: String = "",
  headers: [String] = []
) -> String {
  let fields = (["host: deck.test", "content-length: \(body.utf8.count)"] + headers)
  return "\(method) \(target) HTTP/1.1\r\n\(fields.joined(separator: "\r\n"))\r\n\r\n\(body)"
}

/// Sends one request on a connection of its own, and returns the answer and how it ended.
func ask(
  _ port: Int, _ target: String = "/v1/messages", method: String = "POST", body: String = "",
  headers: [String] = []
) throws -> (text: String, end: RawClient.End) {
  let client = try RawClient(port: port)
  client.send(
    request(target, method: method, body: body, headers: headers + ["connection: close"]))
  let (bytes, end) = client.readToEnd()
  return (String(decoding: bytes, as: UTF8.self), end)
}

/// Asks for one of the deck's own pages, and returns its status and body.
func control(
  _ port: Int, _ page: String, method: String = "GET", host: String? = nil, headers: [String] = []
) throws -> (status: String, body: String) {
  let client = try RawClient(port: port)
  let fields = ["host: \(host ?? "127.0.0.1:\(port)")", "connection: close"] + headers
  client.send("\(method) /~/\(page) HTTP/1.1\r\n\(fields.joined(separator: "\r\n"))\r\n\r\n")
  let text = String(decoding: client.readToEnd().bytes, as: UTF8.self)
  let status = text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
  let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
  let body = parts.count > 1 ? String(parts[1]) : ""
  let isChunked = parts.first?.lowercased().contains("\r\ntransfer-encoding: chunked") ?? false
  return (status, isChunked ? unchunked(body) : body)
}

/// A chunked body without its framing, as far as it is there. (RFC 9112, 7.1)
private func unchunked(_ text: String) -> String {
  var rest = Array(text.utf8)[...]
  var body: [UInt8] = []
  while let end = rest.firstIndex(of: 0x0D) {
    guard let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16), size > 0 else {
      break
    }
    rest = rest[end...].dropFirst(2)
    body += rest.prefix(size)
    rest = rest.dropFirst(size + 2)
  }
  return String(decoding: body, as: UTF8.self)
}

/// What one of the deck's own pages says.
func page(_ port: Int, _ name: String) throws -> JSONValue {
  try JSONValue(parsing: Array(control(port, name).body.utf8))
}

/// The journal's entries.
func journal(_ port: Int, _ query: String = "") throws -> [JSONValue] {
  try page(port, "api/journal\(query)").elements ?? []
}

/// Asks until the deck has noticed that another client is gone, which is a little after its FIN
/// was.
func isAnswered(_ port: Int) throws -> Bool {
  try (1...1000).contains { _ in
    try ask(port, "/~/health", method: "GET").text.hasPrefix("HTTP/1.1 200")
  }
}
