internal import Libc
package import Loading
internal import Sockets
internal import Synchronization
internal import Threads
internal import Units

/// What a run measured, and how it went.
package struct LoadOutcome: Sendable {
  /// What was measured.
  package var meter: LoadMeter
  /// How long the measured part took, in nanoseconds.
  package var took: Int64
  /// Processor time of the generator's threads, in nanoseconds.
  package var processorTime: Int64

  /// Creates an outcome.
  package init(meter: LoadMeter, took: Int64, processorTime: Int64) {
    self.meter = meter
    self.took = took
    self.processorTime = processorTime
  }
}

/// Why a run could not begin.
package struct LoadError: Error, CustomStringConvertible {
  /// One sentence for a terminal.
  package var description: String
}

/// One run of the generator: a schedule, carried out against a server.
package struct LoadRun: Sendable {
  private let target: LoadTarget
  private let requests: [LoadRequest]
  private let options: LoadOptions
  private let meter: LoadMeter

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - target: the server.
  ///   - requests: what is asked for; orders name them by their places.
  ///   - options: how it is asked for.
  ///   - meter: a meter in which nothing is measured yet, with the bounds of goodput.
  package init(
    target: LoadTarget, requests: [LoadRequest], options: LoadOptions, meter: LoadMeter
  ) {
    self.target = target
    self.requests = requests
    self.options = options
    self.meter = meter
  }

  /// Carries out a schedule, and returns when all that was asked for has ended.
  ///
  /// - Parameters:
  ///   - source: says what is asked for, and when.
  ///   - stop: ends the run at once, with what was measured until then; so does a task that is
  ///     cancelled.
  ///   - onRecord: gets the streams that ended, now and then, off the event loops.
  ///   - onProgress: told every 250 ms how far the run is, and once at its end.
  /// - Returns: what was measured.
  /// - Throws: `LoadError` where the run cannot begin.
  package func run(
    _ source: any OrderSource, stop: LoadStop,
    onRecord: (@Sendable ([StreamRecord]) -> Void)? = nil,
    onProgress: @escaping @Sendable (LoadProgress) -> Void = { _ in }
  ) async throws -> LoadOutcome {
    guard !requests.isEmpty else { throw LoadError(description: "there is no request to send") }
    let scene = LoadScene(
      addresses: try addresses(), requests: requests, target: target, options: options,
      meter: meter)
    let threads = LoopThreads(scene, OrderDesk(source), stop: stop)
    let teller = ProgressTeller(
      threads.reports, scene, onRecord: onRecord, onProgress: onProgress)
    let ends = try await withTaskCancellationHandler {
      try await withThrowingTaskGroup(of: [LoopEnd]?.self) { group in
        group.addTask { try await threads.run() }
        group.addTask {
          await teller.tell()
          return nil
        }
        var ends: [LoopEnd] = []
        for try await result in group {
          if let result {
            ends = result
            group.cancelAll()
          }
        }
        return ends
      }
    } onCancel: {
      stop.set()
    }
    teller.tellOnce()
    return outcome(of: ends)
  }

  private func addresses() throws -> [SocketAddress] {
    do {
      return try SocketAddress.all(resolving: target.host, port: target.port)
    } catch {
      throw LoadError(description: "there is no address for '\(target.host)': \(error)")
    }
  }

  private func outcome(of ends: [LoopEnd]) -> LoadOutcome {
    var outcome = LoadOutcome(meter: meter, took: 0, processorTime: 0)
    var span: (first: Int64, last: Int64)?
    for end in ends {
      outcome.meter.add(end.meter)
      outcome.processorTime += end.processorTime
      guard let more = end.span else { continue }
      span = (min(span?.first ?? .max, more.first), max(span?.last ?? .min, more.last))
    }
    outcome.took = span.map { $0.last - $0.first } ?? 0
    return outcome
  }
}
