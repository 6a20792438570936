internal import Cassettes
internal import HTTP
internal import Planning

/// One whole request, as the connection read it.
struct DeckRequest: Sendable {
  /// The method.
  var method: String

  /// The request target as it was sent, directives included.
  var target: String

  /// The header fields, in order.
  var headers: [HeaderField]

  /// The body, or where it is long the first part of it.
  var body: [UInt8]

  /// What the request says about the form of its answer; the prefix is not known yet.
  var client: ClientTraits

  /// The other parts of a body that is long: they are joined where there is time for it.
  var bodyParts: [[UInt8]] = []

  /// What the body counts for as long as anybody has it.
  var share: BodyShare?
}

extension DeckRequest {
  /// Whether it looks like one for the deck's own pages.
  var isForControl: Bool { target.hasPrefix("/~/") }

  /// The bytes of the whole body.
  var bodyBytes: Int { bodyParts.reduce(body.count) { $0 + $1.count } }

  /// Makes `body` the whole body.
  mutating func joinBody() {
    guard !bodyParts.isEmpty else { return }
    body.reserveCapacity(bodyBytes)
    for part in bodyParts { body += part }
    bodyParts = []
  }

  /// Whether a browser asks by it whether a page may ask something. (Fetch, 3.2.2)
  var isPreflight: Bool {
    method == "OPTIONS" && client.origin != nil
      && headers.value(of: "access-control-request-method") != nil
  }
}
