import Cassettes
import Deck
import HTTP
import Loading
import Planning
import Recorder
import Redaction
import Sockets

/// A recorded request as it is sent again: to the recorded origin or another, with credentials in
/// the place of what a recording has of them.
struct RepeatedRequest {
  /// The exchange whose request it is, and its place on the cassette, from 1.
  let number: Int
  let exchange: Exchange

  /// What is sent.
  let request: RecordingRequest

  /// Whether it goes to this machine.
  let isLocal: Bool

  /// Prepares a request.
  ///
  /// - Parameters:
  ///   - exchange: The exchange.
  ///   - number: Its place, from 1.
  ///   - base: The base URL to ask; nil for the recorded origin.
  ///   - fields: The fields that take the place of recorded ones.
  ///   - options: How it is made.
  /// - Throws: where the URL is not known, or a credential is missing.
  init(
    _ exchange: Exchange, _ number: Int, base: String?, fields: [HeaderField],
    options: RecordingOptions
  ) throws {
    (self.number, self.exchange) = (number, exchange)
    var asked = exchange.request
    // The path that a client asked its own base URL for is not a path of the recorded origin.
    if base == nil { asked.path = nil }
    let origin = try base ?? Self.origin(of: exchange.request, number)
    let target = Redactor.withoutCredentials(target: asked.target)
    let url = try Self.url(origin, target)
    isLocal = Self.isLocal(url)
    let recorded = LoadRequest(exchange, number: number).replacing(fields)
    let missing = recorded.headers.filter(Self.isCovered)
    let needed = missing.map { $0.name.lowercased() }.filter { $0 != "cookie" }
    let lacksParameter = target != asked.target && fields.isEmpty
    if !isLocal, !needed.isEmpty || lacksParameter {
      throw Self.missing(needed.first ?? "x-goog-api-key", number, isParameter: needed.isEmpty)
    }
    request = RecordingRequest(
      url: url, method: recorded.method,
      headers: recorded.headers.filter { !Self.isCovered($0) }, body: recorded.body,
      options: options)
    try request.validate()
  }

  /// Whether a field authenticates, and what is recorded of it is what stands for a secret.
  private static func isCovered(_ field: HeaderField) -> Bool {
    guard Redactor.redacts(fieldNamed: field.name) else { return false }
    let value = field.value.lowercased()
    return value.hasSuffix("*") || value.isEmpty || value.contains("redact")
      || value.contains("filtered")
  }

  private static func missing(_ name: String, _ number: Int, isParameter: Bool) -> Failure {
    let what =
      isParameter
      ? "a credential in its query, which is not recorded"
      : "the field \(name), whose value is redacted"
    return Failure(
      .usage,
      "exchange \(number) was asked with \(what): give it with -H '\(name): …', or -H @FILE")
  }

  /// Scheme, host and port of the recorded URL.
  private static func origin(of request: RecordedRequest, _ number: Int) throws -> String {
    guard let url = request.url, let scheme = url.firstRange(of: "://") else {
      throw Failure(
        .usage,
        "exchange \(number) does not say which server it asked: write --live URL, like "
          + "--live https://api.example.com")
    }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    return String(url[..<authority.endIndex])
  }

  private static func url(_ base: String, _ target: String) throws -> String {
    do {
      var upstreams = Upstreams()
      try upstreams.add(parsing: base)
      return upstreams.url(for: target) ?? base + target
    } catch {
      throw Failure(.usage, "\(error)".replacing("--upstream", with: "--live"))
    }
  }

  private static func isLocal(_ url: String) -> Bool {
    guard let scheme = url.firstRange(of: "://") else { return false }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    return Authority(authority)?.isLoopback ?? false
  }

  /// What is sent, in one line.
  var words: String {
    let names = request.headers.map { $0.name.lowercased() }.joined(separator: ", ")
    return "asking \(request.method) \(Redactor.redact(url: request.url)) for exchange \(number): "
      + "\(TextForm.count(request.body.count, "byte")), with the fields \(names)"
  }
}
