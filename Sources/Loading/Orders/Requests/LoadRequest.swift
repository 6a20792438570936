package import Cassettes
package import HTTP

/// One request that streams are asked for with.
package struct LoadRequest: Sendable {
  /// `POST`.
  package var method: String
  /// Path and query, as they stand in the request line.
  package var target: String
  /// The header fields but for Host, Content-Length and those of the connection, which whoever
  /// sends it adds.
  package var headers: [HeaderField]
  /// The body.
  package var body: [UInt8]
  /// What answers it on a cassette, and where that stands, for `--verify` and for lateness; nil for
  /// a request from flags.
  package var exchange: Exchange?
  /// The place of the exchange in its cassette, from 1; 0 where there is none.
  package var exchangeNumber: Int

  /// Creates a request.
  package init(
    method: String, target: String, headers: [HeaderField] = [], body: [UInt8] = [],
    exchange: Exchange? = nil, exchangeNumber: Int = 0
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.exchange = exchange
    self.exchangeNumber = exchangeNumber
  }
}
