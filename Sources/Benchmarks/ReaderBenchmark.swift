internal import Cassettes

/// How long one core takes to read a cassette, exchange by exchange.
struct ReaderBenchmark {
  private let rounds = 5
  let path: String

  /// - Throws: What the reader throws at a file that it cannot read.
  func run() throws(CassetteError) -> String {
    var times: [Duration] = []
    var bodyBytes = 0
    for _ in 0..<rounds {
      times.append(
        try time { () throws(CassetteError) in
          bodyBytes = try readAll()
          return bodyBytes
        })
    }
    let seconds = median(times) / .seconds(1)
    return """
      reader: \(rounded(seconds)) s, \(Int(Double(bodyBytes) / 1e6 / seconds)) MB/s of bodies
      {"benchmark":"reader","seconds":\(seconds),"body_bytes":\(bodyBytes)}
      """
  }

  private func readAll() throws(CassetteError) -> Int {
    var reader = try CassetteReader(path: path, limits: CassetteLimits())
    var bodyBytes = 0
    while let exchange = try reader.next() { bodyBytes += exchange.body.count }
    return bodyBytes
  }
}
