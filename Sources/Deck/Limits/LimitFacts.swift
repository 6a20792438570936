internal import Cassettes
internal import Dialects
internal import HTTP
internal import LosslessJSON
internal import Planning
internal import Quotas
internal import Synchronization

/// What limits need to know of a recording: read once for all requests that it answers.
final class LimitFacts: Sendable {
  /// How many tokens the exchange used, as it says itself or as its text is long.
  let usage: TokenUsage
  /// Whose headers its answers have.
  let shape: LimitShape
  /// Whose words its errors have.
  let dialect: any Dialect
  /// How many body bytes stand for the tokens of its answer.
  let bodyBytes: Int

  /// How much of the beginning and of the end of a long body is read: usage stands there.
  private static let readBytes = 16 << 10

  /// Reads a recording.
  init(_ exchange: Exchange) {
    var read = exchange
    if read.body.count > 2 * Self.readBytes {
      read.body = Array(read.body.prefix(Self.readBytes) + read.body.suffix(Self.readBytes))
      read.chunks = []
    }
    let message = ExchangeMessage(of: read)
    dialect = message.dialect
    bodyBytes = exchange.body.count
    let request = exchange.request
    shape = LimitShape(
      headers: exchange.head?.headers ?? [], url: request.url,
      path: String(request.target.prefix { $0 != "?" }), dialect: message.dialect.name)
    var usage = TokenUsage(Self.usage(in: message, read))
    usage.output = usage.output ?? TokenUsage.estimate(bytes: message.accumulator.text.count)
    self.usage = usage
  }

  /// What an event of the stream, or an answer in one piece, says of its usage.
  private static func usage(in message: ExchangeMessage, _ exchange: Exchange) -> JSONValue {
    if let usage = message.accumulator.usage { return usage }
    guard !exchange.isEventStream, let body = try? JSONValue(parsing: exchange.body, nesting: 512)
    else { return .null }
    return body["usage"] ?? body["usageMetadata"] ?? .null
  }
}

/// What is known of the recordings that requests were answered with.
final class LimitFactsCache: Sendable {
  /// More than a library has as a rule; beyond it they are read anew.
  private static let limit = 20_000

  private let known = Mutex<[Int: LimitFacts]>([:])

  /// What is known of a recording.
  func facts(of exchange: Exchange, entry: Int) -> LimitFacts {
    if let facts = known.withLock({ $0[entry] }) { return facts }
    let facts = LimitFacts(exchange)
    known.withLock { known in
      if known.count >= Self.limit { known = [:] }
      known[entry] = facts
    }
    return facts
  }
}
