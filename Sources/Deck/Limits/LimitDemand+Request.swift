internal import HTTP
internal import Quotas

extension LimitDemand {
  /// The fields by which clients authenticate.
  private static let keyFields = ["authorization", "x-api-key", "x-goog-api-key", "api-key"]

  /// Reads a request, whose body is whole.
  ///
  /// - Parameters:
  ///   - request: What was asked.
  ///   - session: The session that it names, "" for the unnamed one.
  ///   - usage: What the recording used that answers it.
  ///   - countsAnswers: Whether the tokens of answers are limited, so that it matters how long one
  ///     may be.
  init(_ request: DeckRequest, session: String, usage: TokenUsage, countsAnswers: Bool) {
    let asked = countsAnswers ? AnswerBound.tokens(in: request.body) : nil
    self.init(
      key: Self.key(of: request), session: session.isEmpty ? nil : Self.hash(session, as: 1),
      input: usage.input ?? TokenUsage.estimate(bytes: request.bodyBytes),
      output: asked ?? usage.output ?? 0)
  }

  private static func key(of request: DeckRequest) -> UInt64? {
    for name in keyFields {
      if let value = request.headers.value(of: name) { return hash(value, as: 2) }
    }
    guard let query = request.target.split(separator: "?", maxSplits: 1).dropFirst().first,
      let key = query.split(separator: "&").first(where: { $0.hasPrefix("key=") })
    else { return nil }
    return hash(String(key), as: 3)
  }

  /// A key is not kept, and may be as long as a head: its hash tells it from others.
  private static func hash(_ text: String, as kind: Int) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(kind)
    hasher.combine(text)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }
}
