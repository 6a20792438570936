import LosslessJSON
import TestSupport
import Testing

@testable import Loading

struct LoadFormatsTests {
  private func report(_ records: [StreamRecord], target: String = "a.tape") -> LoadReport {
    var meter = LoadMeter()
    for record in records { meter.note(record) }
    meter.note(notSent: StreamOrder(number: 9, due: 1), .descriptors)
    return LoadReport(
      target: target, arrivals: "gamma:50/s,cv=2", seed: 7, requestedPerSecond: 50, isOpen: true,
      took: 1_250_000_000, at: "2026-01-02T03:04:05.500000Z", meter: meter,
      shard: (number: 2, count: 4), version: "1.2.3")
  }

  private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func aSpreadsheetHasARowForEachMetricCountAndRate() {
    let bytes = LoadCSV.bytes(of: report([LoadRecords.whole()], target: "a \"b\", c"))
    let text = String(decoding: bytes, as: UTF8.self)
    let rows = text.components(of: "\r\n")
    #expect(
      rows[0]
        == "metric,unit,count,mean,p50,p90,p95,p99,p999,max,target,arrivals,seed,shard,at")
    let run = "\"a \"\"b\"\", c\",\"gamma:50/s,cv=2\",7,2/4,2026-01-02T03:04:05.500000Z"
    #expect(
      rows.contains("ttft,us,1,100000,100000,100000,100000,100000,100000,100000,\(run)"))
    #expect(rows.contains("gap,us,0,,,,,,,,\(run)"))
    #expect(rows.contains("requested,1/s,,50,,,,,,,\(run)"))
    #expect(rows.contains("outcome_whole,,1,,,,,,,,\(run)"))
    #expect(rows.contains("outcome_timeout,,0,,,,,,,,\(run)"))
    #expect(rows.contains("not_sent,,1,,,,,,,,\(run)"))
    #expect(text.hasSuffix("\r\n"))
  }

  @Test func prometheusHasCountersByLabelAndSummariesInSeconds() {
    var broken = LoadRecords.whole(1)
    broken.outcome = .errorEvent
    let lines = lines(LoadPrometheus.bytes(of: report([LoadRecords.whole(), broken])))
    for line in [
      "# TYPE tapedeck_load_streams_total counter",
      "tapedeck_load_streams_total{outcome=\"whole\"} 1",
      "tapedeck_load_streams_total{outcome=\"error_event\"} 1",
      "tapedeck_load_streams_total{outcome=\"cut\"} 0",
      "tapedeck_load_not_sent_total{reason=\"descriptors\"} 1",
      "tapedeck_load_responses_total{status=\"200\"} 2",
      "tapedeck_load_requested_per_second 50",
      "# TYPE tapedeck_load_ttft_seconds summary",
      "tapedeck_load_ttft_seconds{quantile=\"0.5\"} 0.100000000",
      "tapedeck_load_ttft_seconds{quantile=\"1\"} 0.100000000",
      "tapedeck_load_ttft_seconds_count 2",
      "tapedeck_load_took_seconds 1.250000000",
      "tapedeck_load_generator_late 0",
    ] { #expect(lines.contains(line), "\(line)") }
    // A metric stands together, and only once.
    let types = lines.filter { $0.hasPrefix("# TYPE") }
    #expect(Set(types).count == types.count)
    #expect(!lines.contains { $0.contains("load_gap_seconds") })
  }

  @Test func aHistogramLogHasALineForEachMetricThatCanBeReadBack() throws {
    let original = report([LoadRecords.whole(), LoadRecords.whole(1, due: 20)])
    let lines = lines(try HistogramLog.bytes(of: original))
    #expect(
      Array(lines.prefix(5)) == [
        "#[tapedeck 1.2.3; values in nanoseconds]", "#[Histogram log format version 1.3]",
        "#[StartTime: 1767323045.500 (seconds since epoch), 2026-01-02T03:04:05.500000Z]",
        "#[BaseTime: 1767323045.500 (seconds since epoch)]",
        "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"",
      ])
    let ttft = try #require(lines.first { $0.hasPrefix("Tag=ttft,") })
    let fields = ttft.split(separator: ",").map(String.init)
    #expect(Array(fields.prefix(4)) == ["Tag=ttft", "0.000", "1.250", "100.000"])
    let read = try #require(LatencyHistogram(encoded: Array(fields[4].utf8)))
    #expect(read.count == 2)
    #expect(read.percentile(99) <= 100_000_000)
    #expect(!lines.contains { $0.hasPrefix("Tag=gap,") })
  }

  @Test func aLineOfARequestHasEveryField() throws {
    var record = LoadRecords.whole(3, due: 50, delay: 1)
    record.order.cancelAfter = 2_000_000_000
    record.detail = "said \"no\"\n"
    record.outputTokens = 41
    record.verification = .doubled
    record.latest = 1500
    record.secondContent = nil
    var bytes: [UInt8] = []
    record.appendLine(to: &bytes)
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        {"number":3,"request":0,"conversation":3,"turn":1,"warmup":false,"due_us":50000,\
        "cancel_after_us":2000000,"scheduled_us":50000,"dispatched_us":51000,"sent_us":52000,\
        "first_byte_us":140000,"first_content_us":150000,"second_content_us":null,\
        "last_content_us":350000,"end_us":355000,"outcome":"whole","status":200,\
        "detail":"said \\"no\\"\\n","events":11,"content_events":11,"bytes":1100,\
        "longest_gap_us":20000,"output_tokens":41,"verify":"doubled","latest_us":1.5,\
        "dispatch_us":1000,"ttfb_us":90000,"ttft_us":100000,"second_us":null,"stream_us":305000}

        """)
  }
}

extension String {
  fileprivate func components(of separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts
  }
}
