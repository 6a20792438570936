internal import Cassettes
internal import HTTP

extension ExchangeComparison {
  /// Compares the response heads.
  mutating func compareHeads() {
    guard let mine = was.exchange.head, let theirs = now.exchange.head else {
      compare(
        .head, "status", was.exchange.head.map { "\($0.status)" } ?? "no answer",
        now.exchange.head.map { "\($0.status)" } ?? "no answer")
      return
    }
    compare(.head, "status", "\(mine.status)", "\(theirs.status)")
    // How a provider is reached today says nothing of its answer.
    let isNoise = rules.isDrift
    compare(.head, "http", mine.http, theirs.http, isVolatile: isNoise)
    compare(.head, "framing", mine.framing.word, theirs.framing.word, isVolatile: isNoise)
    compareFields(.head, mine.headers, theirs.headers) { name in
      isNoise && name != "content-type" || VolatileNames.hasField(name)
    }
    compareFields(
      .head, was.exchange.trailers?.fields ?? [], now.exchange.trailers?.fields ?? [])
  }
}

extension ResponseHead.Framing {
  /// Its name in a cassette.
  fileprivate var word: String {
    switch self {
    case .chunked: "chunked"
    case .length: "length"
    case .eof: "eof"
    case .h2: "h2"
    }
  }
}
