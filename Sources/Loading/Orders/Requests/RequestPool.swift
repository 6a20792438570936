package import Cassettes
internal import HTTP

/// The requests that streams are asked for with, and which of them go on with one another.
package struct RequestPool: Sendable {
  /// The requests, in the order in which they were given.
  package let requests: [LoadRequest]

  /// The requests of each conversation, one after another: a request that goes on with no other,
  /// and no other with it, is one by itself.
  package let conversations: [Range<Int>]

  /// Creates a pool of requests, at least one.
  package init(_ requests: [LoadRequest]) {
    self.requests = requests
    conversations = requests.conversations
  }

  /// Creates a pool of the requests that exchanges have, whatever answered them.
  ///
  /// - Parameter recorded: The exchanges, each with its place on its cassette, from 1.
  package init(recorded: [(exchange: Exchange, number: Int)]) {
    self.init(recorded.map { LoadRequest($0.exchange, number: $0.number) })
  }
}

extension LoadRequest {
  /// The fields that belong to the connection that was, not to the request, in lower case.
  ///
  /// Streams are read as they come, so that none is asked for with a content coding.
  private static let left = [
    "accept-encoding", "content-length", "expect", "host", "proxy-authorization",
  ]

  /// The request of an exchange, as it was recorded: what stands for a credential there is sent as
  /// it is, since a deck compares with that.
  package init(_ exchange: Exchange, number: Int) {
    let request = exchange.request
    let dropped = request.headers.hopByHopNames.union(Self.left)
    self.init(
      method: request.method, target: request.target,
      headers: request.headers.filter { !dropped.contains($0.name.lowercased()) },
      body: request.body, exchange: exchange, exchangeNumber: number)
  }
}
