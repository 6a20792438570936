internal import EventStream
internal import Libc

/// How fast the parser is beside `memchr` looking for every LF of the same bytes.
///
/// Both run in turn over the same stream in the same process, so what else the machine does weighs
/// on both; the medians are compared.
struct GrammarBenchmark {
  private let rounds = 31
  private let stream = GeneratedStream(bytesAtLeast: 4 << 20)

  func run() -> String {
    var parserTimes: [Duration] = []
    var memchrTimes: [Duration] = []
    var pieceTimes: [Duration] = []
    for _ in 0..<rounds {
      parserTimes.append(time { countEvents(pieceBytes: stream.bytes.count) })
      memchrTimes.append(time { countLines() })
      pieceTimes.append(time { countEvents(pieceBytes: 100) })
    }
    let parser = rate(of: parserTimes)
    let memchr = rate(of: memchrTimes)
    let pieces = rate(of: pieceTimes)
    return """
      grammar: \(Int(parser)) MB/s whole, \(Int(pieces)) MB/s in pieces of 100 bytes; \
      memchr \(Int(memchr)) MB/s; ratio \(rounded(parser / memchr))
      {"benchmark":"grammar","parser_mb_per_s":\(rounded(parser)),\
      "pieces_mb_per_s":\(rounded(pieces)),"memchr_mb_per_s":\(rounded(memchr)),\
      "ratio":\(rounded(parser / memchr)),"bytes":\(stream.bytes.count)}
      """
  }

  /// Megabytes a second, by the median.
  private func rate(of times: [Duration]) -> Double {
    Double(stream.bytes.count) / 1e6 / (median(times) / .seconds(1))
  }

  private func countEvents(pieceBytes: Int) -> Int {
    var parser = EventStreamParser()
    var events = 0
    stream.bytes.withUnsafeBufferPointer { bytes in
      for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
        let piece = bytes[start..<min(start + pieceBytes, bytes.count)]
        parser.parse(UnsafeBufferPointer(rebasing: piece)) { _ in events += 1 }
      }
    }
    return events
  }

  private func countLines() -> Int {
    stream.bytes.withUnsafeBytes { bytes in
      var lines = 0
      var rest = bytes[...]
      while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress,
        let end = memchr(start, 0x0A, rest.count)
      {
        lines += 1
        rest = rest.dropFirst(start.distance(to: UnsafeRawPointer(end)) + 1)
      }
      return lines
    }
  }
}
