internal import Loading
internal import Sockets
internal import Units

/// What the loops of a run share and nobody changes.
final class LoadScene: Sendable {
  let addresses: [SocketAddress]
  let requests: [RenderedRequest]
  /// What answers each request on the cassette; nil where nothing is known.
  let expected: [ExpectedStream?]
  let options: LoadOptions
  /// What an empty meter is, with the bounds of goodput.
  let emptyMeter: LoadMeter
  /// From when times are counted.
  let start: Instant

  init(
    addresses: [SocketAddress], requests: [LoadRequest], target: LoadTarget, options: LoadOptions,
    meter: LoadMeter
  ) {
    self.addresses = addresses
    self.options = options
    emptyMeter = meter
    self.requests = requests.map {
      RenderedRequest($0, to: target, keepsConnection: options.reusesConnections)
    }
    expected = requests.map { request in
      request.exchange.map { ExpectedStream($0, pace: options.pace) }
    }
    // The loops are there by then, so that what is due at once is not late.
    start = Instant.now() + .milliseconds(2)
  }

  /// Which of the requests an order asks with.
  func index(of order: StreamOrder) -> Int {
    requests.indices.contains(order.request) ? order.request : 0
  }

  /// What time it is, in nanoseconds from the start of the run.
  var now: Int64 { Instant.now().nanoseconds(since: start) }
}
