internal import Loading
internal import Sockets
internal import Synchronization
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
  /// From when times are counted, as `Instant` has it; 0 before a loop is there.
  private let start = Atomic<Int64>(0)

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
  }

  /// Begins to count, when the first loop is there: until then nothing could be asked in time.
  func begin() {
    // The others are there by then too, so that what is due at once is not late.
    let start = Instant.now() + .milliseconds(2)
    _ = self.start.compareExchange(
      expected: 0, desired: start.nanoseconds, ordering: .relaxed)
  }

  /// Which of the requests an order asks with.
  func index(of order: StreamOrder) -> Int {
    requests.indices.contains(order.request) ? order.request : 0
  }

  /// What time it is, in nanoseconds from the start of the run.
  var now: Int64 {
    let start = start.load(ordering: .relaxed)
    return start == 0 ? 0 : Instant.now().nanoseconds(since: Instant(nanoseconds: start))
  }
}
