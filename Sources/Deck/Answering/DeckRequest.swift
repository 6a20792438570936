internal import Cassettes
internal import Planning

/// One whole request, as the connection read it.
struct DeckRequest: Sendable {
  /// The method.
  var method: String

  /// The request target as it was sent, directives included.
  var target: String

  /// The header fields, in order.
  var headers: [HeaderField]

  /// The body.
  var body: [UInt8]

  /// What the request says about the form of its answer; the prefix is not known yet.
  var client: ClientTraits
}

extension DeckRequest {
  /// Whether a browser asks by it whether a page may ask something. (Fetch, 3.2.2)
  var isPreflight: Bool {
    method == "OPTIONS" && client.origin != nil
      && headers.value(of: "access-control-request-method") != nil
  }
}
