internal import Dialects
internal import EventStream
internal import LosslessJSON

/// How fast messages are put together beside the mere parsing of the same events' JSON, and whether
/// ten times the events take ten times as long.
///
/// Both run in turn over the same events in the same process, and the best times are compared: what
/// else the machine does can only make them worse.
struct DialectBenchmark {
  private let rounds = 7
  private let bytesAtLeast = 10_000_000
  private let fewEvents = 100_000
  private let manyEvents = 1_000_000

  func run() -> String {
    let results = DialectStream.all.map { measure($0) }
    return (results.map(\.text) + ["[" + results.map(\.json).joined(separator: ",") + "]"])
      .joined(separator: "\n")
  }

  private struct Result {
    var name: String
    var parseMBPerS: Double
    var accumulateMBPerS: Double
    var growth: Double

    var text: String {
      "dialects: \(name): accumulated at \(Int(accumulateMBPerS)) MB/s, "
        + "parsed at \(Int(parseMBPerS)) MB/s; ten times the events take \(rounded(growth)) times as long"
    }

    var json: String {
      #"{"dialect":"\#(name)","parse_mb_per_s":\#(rounded(parseMBPerS)),"#
        + #""accumulate_mb_per_s":\#(rounded(accumulateMBPerS)),"#
        + #""ratio":\#(rounded(accumulateMBPerS / parseMBPerS)),"growth":\#(rounded(growth))}"#
    }
  }

  private func measure(_ stream: DialectStream) -> Result {
    let cycleBytes = stream.middle.reduce(0) { $0 + $1.data.utf8.count }
    let events = stream.events(middleCount: bytesAtLeast / cycleBytes * stream.middle.count)
    let megabytes = Double(events.reduce(0) { $0 + $1.data.utf8.count }) / 1e6
    var parse = Duration.seconds(3600)
    var accumulate = parse
    var few = parse
    var many = parse
    for _ in 0..<rounds {
      parse = min(parse, time { parseAll(events) })
      accumulate = min(accumulate, time { accumulateAll(events, of: stream) })
      few = min(few, time { accumulateCycles(fewEvents, of: stream) })
      many = min(many, time { accumulateCycles(manyEvents, of: stream) })
    }
    return Result(
      name: stream.dialect.name, parseMBPerS: megabytes / (parse / .seconds(1)),
      accumulateMBPerS: megabytes / (accumulate / .seconds(1)), growth: many / few)
  }

  /// What of the events is JSON.
  private func parseAll(_ events: [ServerSentEvent]) -> Int {
    var values = 0
    for event in events where (try? JSONValue(parsing: event.data, nesting: 512)) != nil {
      values += 1
    }
    return values
  }

  private func accumulateAll(_ events: [ServerSentEvent], of stream: DialectStream) -> Int {
    var accumulator = MessageAccumulator(stream.dialect)
    for event in events { accumulator.take(event) }
    return accumulator.message == nil ? 0 : accumulator.log.event
  }

  /// The same with so many events in the middle that they are not all held.
  private func accumulateCycles(_ middleCount: Int, of stream: DialectStream) -> Int {
    var accumulator = MessageAccumulator(stream.dialect)
    for event in stream.start { accumulator.take(event) }
    for number in 0..<middleCount { accumulator.take(stream.middle[number % stream.middle.count]) }
    for event in stream.end { accumulator.take(event) }
    return accumulator.message == nil ? 0 : accumulator.log.event
  }
}
