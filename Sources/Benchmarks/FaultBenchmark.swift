internal import Cassettes
internal import Planning

/// How long a directive takes to parse, and a plan to compile: the worst of a table of each.
struct FaultBenchmark {
  private let rounds = 7
  private let parses = 5000
  private let plans = 50
  let path: String

  /// One to a dozen parts, as users write them.
  private let directives = [
    "session=t1", "pace=ttft:300ms,rate:50%2Fs,jitter:20%25", "fault=reset@event:12,on=1",
    "fault=status:529,retry-after=1s,on=1-2", "fault=stall:5s@type:content_block_delta:3,burst",
    "fault=header:x-made=up%2C%20twice", "fault=chaos:0.25,from=reset+status+stall+drop+big+gzip",
  ]

  private let faults = [
    [], ["reset@event:100"], ["rechunk:1"], ["rechunk:random"], ["trickle:1KiB/s"], ["gzip"],
    ["newline:mixed"], ["split-data"], ["fields"], ["drop@event:9"], ["stall:5s@random"],
    ["hold:1s"], ["chaos:1"],
    ["comment", "no-space", "newline:cr", "rechunk:7", "trickle:1KiB/s", "reset@end"],
  ]

  /// - Throws: What the reader throws at a file that it cannot read, and what a planner refuses.
  func run() throws -> String {
    var reader = try CassetteReader(path: path, limits: CassetteLimits())
    guard let exchange = try reader.next() else { return "faults: no exchange in \(path)" }
    let parses = try directives.map { Cost(of: $0, microseconds: try parsing($0)) }
    let plans = try faults.map {
      Cost(of: $0.joined(separator: ";"), microseconds: try compiling($0, exchange))
    }
    guard let parse = parses.max(by: <), let plan = plans.max(by: <) else { return "" }
    let lines = (parses + plans).map { "faults: \(rounded($0.microseconds)) us for \($0.text)" }
    return """
      \(lines.joined(separator: "\n"))
      {"benchmark":"faults","parse_us":\(rounded(parse.microseconds)),\
      "plan_us":\(rounded(plan.microseconds)),"slowest_plan":"\(plan.text)"}
      """
  }

  private struct Cost: Comparable {
    var text: String
    var microseconds: Double

    init(of text: String, microseconds: Double) {
      self.text = text.isEmpty ? "no fault" : text
      self.microseconds = microseconds
    }

    static func < (a: Self, b: Self) -> Bool { a.microseconds < b.microseconds }
  }

  /// Microseconds to parse one directive and make its fault.
  private func parsing(_ text: String) throws -> Double {
    try microseconds(for: parses) {
      var specs = 0
      for _ in 0..<parses {
        let directives = try Directives(header: text)
        for spec in directives.faults ?? [] { _ = try FaultCatalogue.standard.fault(spec) }
        specs += 1
      }
      return specs
    }
  }

  /// Microseconds to compile one plan with these faults.
  private func compiling(_ faults: [String], _ exchange: Exchange) throws -> Double {
    let planner = Planner()
    let specs = try faults.map { try FaultSpec(parsing: $0) }
    return try microseconds(for: plans) {
      var bytes = 0
      for attempt in 1...plans {
        bytes += try planner.plan(exchange, PlanOptions(faults: specs, attempt: attempt)).wire.count
      }
      return bytes
    }
  }

  private func microseconds(for count: Int, _ work: () throws -> Int) throws -> Double {
    var times: [Duration] = []
    for _ in 0..<rounds { times.append(try time(work)) }
    return median(times) / .microseconds(count)
  }
}
