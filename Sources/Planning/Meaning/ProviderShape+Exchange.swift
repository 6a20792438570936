package import Cassettes
package import Dialects
internal import EventStream
internal import HTTP

extension ProviderShape {
  /// How much of an answer in one piece is looked at.
  private static let pieceLimitBytes = 1 << 20

  /// The old forms that a recorded exchange has, each as a clause that says what to do.
  package static func remarks(on exchange: Exchange) -> [String] {
    var events: [ServerSentEvent] = []
    let format = exchange.forEachEvent { event in
      if events.count < eventLimit { events.append(event) }
    }
    if format == .whole, exchange.body.count <= pieceLimitBytes {
      events = [ServerSentEvent(data: String(decoding: exchange.body, as: UTF8.self))]
    }
    let request = exchange.request
    let evidence = Evidence(
      host: host(of: request.url ?? ""),
      path: request.target.split(separator: "?").first.map(String.init) ?? "",
      anthropicVersion: request.headers.value(of: "anthropic-version") ?? "", events: events)
    return old(in: evidence).map { "\($0.words): record it anew" }
  }

  private static func host(of url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return "" }
    return url[scheme.upperBound...].prefix { !"/?#:".contains($0) }.lowercased()
  }
}
