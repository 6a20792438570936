import Dispatch
import Libc

/// SIGINT, SIGTERM and SIGHUP as values, from its making on.
final class StopSignals {
  /// The signals that came, in order.
  let stream: AsyncStream<Int32>

  private let sources: [any DispatchSourceSignal]

  init() {
    let (stream, continuation) = AsyncStream<Int32>.makeStream(bufferingPolicy: .bufferingOldest(8))
    self.stream = stream
    let queue = DispatchQueue(label: "tapedeck.signals")
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      // The default action would end the program before the source hears of the signal.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
  }
}
