import Cassettes
import Judging
import Planning

/// Runs of made-up clients, with times as they are.
enum FakeRun {
  /// A run of a client that does wrong in ways that are known, of that many cases.
  static func report(client: String = "python client.py", cases: Int = 300) -> TortureReport {
    TortureReport(
      client: client, results: (0..<cases).map { result(number: $0) }, leftOut: 4,
      took: Microseconds(saturating: 12_345_678), version: "0.1.0")
  }

  /// The faults of the run, and what the client makes of each.
  static let faults: [(family: String, fault: String, content: ContentVerdict, ConductVerdict)] = [
    ("parse", "newline:crlf", .ok, .ok), ("parse", "rechunk:utf8", .corrupted, .ok),
    ("cut", "disconnect", .reported, .ok), ("cut", "end", .silentTruncation, .ok),
    ("cut", "reset", .recovered, .retriedAfterContent), ("time", "hang", .hang, .leftOpen),
    ("error", "error:overloaded_error", .reported, .ok),
    ("retry", "status:529,retry-after=1s", .recovered, .retryTooSoon),
    ("answer", "body:html", .invented, .ok), ("end", "drop-terminal", .ok, .ok),
  ]

  static func result(number: Int, fault: String? = nil) -> CaseResult {
    let row = faults[number % faults.count]
    let event = number / faults.count + 1
    let name = row.fault.prefix { $0 != ":" && $0 != "," }
    return CaseResult(
      id: "\(row.family)/\(name)/event-\(event)", title: "The stream meets \(row.fault)",
      fault: fault ?? "\(row.fault)@event:\(event)", clause: "RFC 9112, 8",
      cassette: "anthropic-text",
      exchange: 1, expect: row.content == .ok ? .benign : .breaking,
      expectation: "It reports that the answer is incomplete, or tries again.",
      judgement: Judgement(
        content: row.content, contentEvidence: "It printed 120 of 396 bytes and exited with 0.",
        conduct: row.3, conductEvidence: row.3 == .ok ? "" : "It asked again after 12 ms."),
      attempts: row.content == .recovered ? 2 : 1, exit: row.content == .hang ? nil : 0,
      reproduce:
        "tapedeck torture cassettes/anthropic-text.tape --case '\(number)' -- python client.py",
      timeline: timeline(number: number, attempts: row.content == .recovered ? 2 : 1))
  }

  static func timeline(number: Int, attempts: Int) -> CaseTimeline {
    let lanes = (1...attempts).map { attempt in
      let start = Int64(attempt - 1) * 700_000
      let planned = (0..<20).map { place in
        mark(start + 9_000 + Int64(place) * 21_000 + Int64(number * place % 7) * 900, 90 + place)
      }
      let count = attempt < attempts || attempts == 1 ? 5 + number % 12 : 20
      let sent = planned.prefix(count).map { mark($0.at.count + 150, $0.bytes) }
      let over = (sent.last?.at ?? .zero) + Microseconds(saturating: 400)
      return CaseTimeline.Lane(
        attempt: Attempt(
          number: attempt, asked: Microseconds(saturating: start), over: over, status: 200,
          retryAfter: attempts > 1 && attempt == 1 ? Microseconds(saturating: 500_000) : nil,
          events: count, bytes: sent.reduce(0) { $0 + $1.bytes },
          ended: count < 20 ? "disconnect" : "complete"),
        planned: planned, sent: Array(sent),
        faults: count < 20 ? [.init(at: over, byte: 512, fault: "disconnect@event:\(count)")] : [],
        excerpt: Array("data: {\"delta\":\"caf\u{E9}\"}\n\nevent: next".utf8), excerptPlace: 24)
    }
    let last = lanes.last?.sent ?? []
    return CaseTimeline(
      lanes: lanes, delivered: last.map { mark($0.at.count + 800, $0.bytes / 4) },
      end: (last.last?.at ?? .zero) + Microseconds(saturating: 30_000))
  }

  private static func mark(_ at: Int64, _ bytes: Int) -> CaseTimeline.Mark {
    CaseTimeline.Mark(at: Microseconds(saturating: at), bytes: bytes)
  }
}
