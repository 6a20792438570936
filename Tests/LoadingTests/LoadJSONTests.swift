import LosslessJSON
import TestSupport
import Testing

@testable import Loading

struct LoadJSONTests {
  private func report(_ meter: LoadMeter, shard: (Int, Int)? = nil) -> LoadReport {
    LoadReport(
      target: "http://127.0.0.1:4010/v1/messages?a=\"b\"", arrivals: "poisson:12.5/s", seed: .max,
      requestedPerSecond: 12.5, isOpen: true, took: 10_000_123_456, at: "2026-01-02T03:04:05Z",
      meter: meter, processorTime: 1_234_567, shard: shard.map { (number: $0.0, count: $0.1) },
      version: "1.2.3")
  }

  private let frontKeys = [
    "streams", "completed", "not_sent", "requested_per_s", "achieved_per_s", "outcomes",
    "dispatch_us", "ttfb_us", "ttft_us", "gap_us", "late_us", "stream_us", "events_per_s",
    "goodput_per_s", "slo", "generator_late",
  ]

  @Test func hasTheKeysThatScriptsLookForInTheirOrder() throws {
    var meter = LoadMeter()
    meter.note(LoadRecords.whole(delay: 2))
    let objectives = [
      LoadJSON.Objective(slo: "ttft.p99<500ms", value: 100.5, held: true),
      LoadJSON.Objective(slo: "late.p99<5ms", value: nil, held: false),
    ]
    let bytes = try LoadJSON(report(meter), objectives: objectives).bytes()
    let value = try JSONValue(parsing: bytes.dropLast())
    let keys = (value.members ?? []).map { String(decoding: $0.key, as: UTF8.self) }
    #expect(Array(keys.prefix(frontKeys.count)) == frontKeys)
    #expect(Set(keys).count == keys.count)
    let front = frontKeys.map {
      "\"\($0)\":" + String(decoding: value[$0]?.bytes ?? [], as: UTF8.self)
    }
    #expect(
      front.joined(separator: ",") == """
        "streams":1,"completed":1,"not_sent":0,"requested_per_s":12.5,"achieved_per_s":0.1,\
        "outcomes":{"whole":1},\
        "dispatch_us":{"p50":2000,"p90":2000,"p95":2000,"p99":2000,"p999":2000,"max":2000},\
        "ttfb_us":{"p50":90000,"p90":90000,"p95":90000,"p99":90000,"p999":90000,"max":90000},\
        "ttft_us":{"p50":100000,"p90":100000,"p95":100000,"p99":100000,"p999":100000,"max":100000},\
        "gap_us":{"p50":null,"p90":null,"p95":null,"p99":null,"p999":null,"max":null},\
        "late_us":{"p50":null,"p90":null,"p95":null,"p99":null,"p999":null,"max":null},\
        "stream_us":{"p50":305000,"p90":305000,"p95":305000,"p99":305000,"p999":305000,"max":305000},\
        "events_per_s":1.1,"goodput_per_s":0.1,\
        "slo":[{"slo":"ttft.p99<500ms","value":100.5,"held":true},\
        {"slo":"late.p99<5ms","value":null,"held":false}],"generator_late":true
        """)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func whatIsReadBackIsEqual(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let meter = LoadRecords.meter(of: [0, 1, 40][Int(seed % 3)], &random)
    let original = report(meter, shard: seed % 2 == 0 ? nil : (2, 4))
    let bytes = try LoadJSON(original).bytes()
    let read = try LoadJSON.report(bytes, file: "a.json")
    #expect(read.meter == meter)
    #expect(LoadSummary(read) == LoadSummary(original))
    #expect(try LoadJSON(read).bytes() == bytes)
    #expect(read.seed == .max && read.took == 10_000_123_456)
  }

  @Test func theBoundsOfGoodputAreReadBackAndBelongToASum() throws {
    let bounds = try StreamBounds(parsing: ["ttft<500ms", "tpot<=50ms"])
    let one = report(LoadMeter(bounds: bounds), shard: (1, 2))
    let read = try LoadJSON.report(LoadJSON(one).bytes(), file: "a.json")
    #expect(read.meter.bounds == bounds)
    #expect(read.meter == one.meter)
    let other = report(LoadMeter(), shard: (2, 2))
    #expect(throws: LoadFileError.self) { try LoadMerge.merged([("a", one), ("b", other)]) }
  }

  @Test func theSumOfShardsIsThatOfOneProcessThatSawAll() throws {
    var random = SeededGenerator(9)
    var all = LoadMeter()
    var results: [(file: String, report: LoadReport)] = []
    for number in 1...3 {
      let meter = LoadRecords.meter(of: 50, &random)
      all.add(meter)
      let bytes = try LoadJSON(report(meter, shard: (number, 4))).bytes()
      let file = "\(number).json"
      results.append((file, try LoadJSON.report(bytes, file: file)))
    }
    let merged = try LoadMerge.merged([results[2], results[0], results[1]])
    #expect(merged.meter == all)
    #expect(merged.missingShards == [4])
    #expect(merged.requestedPerSecond == 37.5)
    #expect(merged.meter[.gap].percentile(99) == all[.gap].percentile(99))
    let again = try LoadJSON.report(LoadJSON(merged).bytes(), file: "sum.json")
    #expect(again.missingShards == [4])
  }

  @Test func refusesToAddUpWhatDoesNotBelongTogether() throws {
    let one = report(LoadMeter(), shard: (1, 2))
    var second = report(LoadMeter(), shard: (2, 2))
    #expect(throws: LoadFileError("b.json", "is share 1/2, and so is a.json; name one of them")) {
      try LoadMerge.merged([("a.json", one), ("b.json", one)])
    }
    second.seed = 7
    #expect(throws: LoadFileError.self) { try LoadMerge.merged([("a", one), ("b", second)]) }
    second = report(LoadMeter(), shard: (2, 3))
    #expect(throws: LoadFileError.self) { try LoadMerge.merged([("a", one), ("b", second)]) }
    second = report(LoadMeter())
    #expect(throws: LoadFileError.self) { try LoadMerge.merged([("a", one), ("b", second)]) }
    #expect(throws: LoadFileError.self) { try LoadMerge.merged([]) }
    #expect(try LoadMerge.merged([("a", second)]).missingShards == [])
    #expect(try LoadMerge.merged([("a", one)]).missingShards == [2])
  }

  @Test(arguments: [
    "", "{}", "[]", "{\"histograms\":{}}", "nonsense", "{\"histograms\":{},\"target\":1}",
  ])
  func saysOfWhatIsNoResultThatItIsNone(text: String) {
    let error = #expect(throws: LoadFileError.self) {
      try LoadJSON.report(Array(text.utf8), file: "x.json")
    }
    let line = error.map { "\($0)" } ?? ""
    #expect(line.hasPrefix("x.json: "))
    #expect(line.contains("tapedeck load --json"))
    #expect(!line.contains("\n"))
  }

  @Test func noDamageTraps() throws {
    var random = SeededGenerator(11)
    let bytes = try LoadJSON(report(LoadRecords.meter(of: 20, &random), shard: (1, 2))).bytes()
    let digits = Array("0123456789-e.\",{}[]".utf8)
    for _ in 0..<15 {
      var damaged = bytes
      for _ in 0..<3 {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        damaged[place] = digits.randomElement(using: &random) ?? 0
      }
      guard let read = try? LoadJSON.report(damaged, file: "x") else { continue }
      var sum = read.meter
      sum.add(read.meter)
      _ = LoadSummary(read)
      _ = sum.series.inFlight
      _ = try LoadJSON(read).bytes()
    }
  }

  @Test(arguments: [
    (Int64(0), "0"), (1, "0.001"), (1500, "1.5"), (-1500, "-1.5"), (1_000_000, "1000"),
    (1_234_567, "1234.567"),
  ])
  func microsecondsAreExact(nanoseconds: Int64, text: String) {
    #expect(LoadNumber.exact(nanoseconds) == text)
    #expect(LoadNumber.nanoseconds(exact: text) == nanoseconds)
  }

  @Test(arguments: ["", ".", "1.", "1.2345", "1.x", "x", "1e3", "99999999999999999999", "1.-5"])
  func readsNothingElseAsMicroseconds(text: String) {
    #expect(LoadNumber.nanoseconds(exact: text) == nil)
  }
}
