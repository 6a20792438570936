import Cassettes
import Loading
import Planning
import TestSupport
import Testing

struct TraceTests {
  private func trace(_ text: String) throws -> Trace {
    var lines = try TextLines(bytes: Array(text.utf8), path: "t")
    var reader = TraceReader(path: "t")
    while let line = try lines.next() { try reader.take(line) }
    return try reader.finish()
  }

  private func times(_ text: String) throws -> [Int64] {
    let trace = try trace(text)
    return (0..<trace.count).map { trace.time(of: $0) }
  }

  private static let header =
    "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type"

  private static let written: [(text: String, times: [Int64])] = [
    // BurstGPT, with a mark of the byte order, CR LF and quotes.
    (
      "\(header)\n5,a,1.5,ChatGPT,472,18,490,Conversation log\n45.25,a,1,GPT-4,1,2,3,API log\n",
      [0, 40_250_000_000]
    ), ("\u{FEFF}\(header)\r\n5,,,,,,,\r\n\r\n5.5,,,,,,,", [0, 500_000_000]),
    ("Model,\"Timestamp\"\n\"a,b\", 1\nc,\"2\"", [0, 1_000_000_000]),
    // Mooncake.
    (
      #"{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46]}"#
        + "\n" + #"{"timestamp": 30535, "input_length": 6472, "output_length": 26}"#,
      [0, 3_053_000_000]
    ),
    // Others.
    (#"{"t":0.5,"in":3,"out":4}"# + "\n" + #"{"out":4,"t":1}"#, [0, 500_000_000]),
    ("[1, 3, 4]\n[1.000000001]\n\n[1.5e1,{}]\n", [0, 1, 14_000_000_000]),
    ("[1764443706.123456789]\n[1764443706.5]", [0, 376_543_211]), ("[7]", [0]),
  ]

  @Test(arguments: written)
  func theTimesOfATraceCountFromTheFirstArrival(text: String, times: [Int64]) throws {
    let read = try self.times(text)
    #expect(read.count == times.count)
    // Beyond nine digits before the point, times are good to a microsecond.
    let error: Int64 = text.contains("1764443706") ? 1000 : 0
    for (one, other) in zip(read, times) { #expect(abs(one - other) <= error) }
  }

  @Test(arguments: [
    ("", "t: has no arrival: expected CSV with a column Timestamp, or lines of JSON"),
    ("\n\n", "t: has no arrival"), ("Timestamp\n", "t: has no arrival"),
    (
      "Time,Model\n1,a",
      "t: line 1: is no line of JSON and names no column 'Timestamp': found 'Time,Model': write"
    ),
    ("Model,Timestamp\na", "t: line 2: has 1 columns, where the time is column 2"),
    ("Timestamp\n5\n4", "t: line 3: has the time 4, which is before 5: sort the lines by time"),
    ("Timestamp\nnan", "t: line 2: has the time 'nan', which is not a number of seconds from 0 on"),
    ("Timestamp\ninf", "has the time 'inf'"), ("Timestamp\n-1", "has the time '-1'"),
    ("Timestamp\n0x10", "has the time '0x10'"), ("Timestamp\n1e99", "has the time '1e99'"),
    ("Timestamp\n2023-11-16 18:15:46", "has the time '2023-11-16 18:15:46'"),
    ("Timestamp\n", "has no arrival"), ("Timestamp\n,", "has the time ''"),
    ("[]", "t: line 1: is not an array that begins with a time"),
    ("[1]\n{}", "t: line 2: is not an array that begins with a time, as the first line is"),
    ("[1]\n[", "t: line 2: is not JSON"),
    (#"["1"]"#, "has a time that is no number: write seconds"),
    (#"{"time":1}"#, "t: line 1: has neither 'timestamp' (milliseconds) nor 't' (seconds)"),
    (#"{"t":1}"# + "\n" + #"{"time":1}"#, "t: line 2: has no 't', which the first line has"),
    (#"{"timestamp":null}"#, "has a time that is no number: write milliseconds"),
    (#"{"timestamp":-0.5}"#, "is not a number of milliseconds from 0 on"),
    (
      "[1]\n[\(String(repeating: "1,", count: 600_000))1]",
      "t: line 2: has more than the limit of 1048576 bytes: write shorter lines"
    ),
  ])
  func whatIsNoTraceIsRefusedByItsLine(text: String, message: String) {
    let error = #expect(throws: CassetteError.self) { try trace(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.kind == .badData)
  }

  @Test func noBytesTrapTheReader() {
    var chance = SeededGenerator(3)
    let pieces: [String] = [
      "Timestamp", ",", "\n", "\r\n", "1", "2.5", "-", "{", "}", "[", "]", #""t":"#,
      #""timestamp":"#, "\"", " ", "\u{FEFF}", "é", "1e5", "99999999999999999999", "\0",
    ]
    for _ in 0..<4_000 {
      let count = Int.random(in: 0...14, using: &chance)
      var text = (0..<count).map { _ in pieces.randomElement(using: &chance) ?? "" }.joined()
      if count % 4 == 0 { text = "Timestamp\n" + text }
      guard let read = try? times(text) else { continue }
      #expect(read == read.sorted() && read.first == 0)
    }
  }

  @Test func aTraceIsReadFromAFile() throws {
    let error = #expect(throws: CassetteError.self) { try Trace(path: "/nowhere/trace.csv") }
    #expect(error?.kind == .noInput)
  }

  @Test(arguments: [
    ("1", [0, 1_000_000_000, 4_000_000_000]), ("2", [0, 500_000_000, 2_000_000_000]),
    ("0.5", [0, 2_000_000_000, 8_000_000_000]),
  ])
  func aSpeedDividesTheTimes(speed: String, times: [Int64]) throws {
    let schedule = try LoadSchedule.of("trace:t") {
      $0.trace = try trace("[3]\n[4]\n[7]")
      $0.speed = ExactDecimal(speed)
    }
    #expect(try schedule.times(9) == times)
    let rate = try #require(schedule.requestedPerSecond)
    #expect(abs(rate * Double(times[2]) - 2e9) < 1)
  }

  @Test func aTraceWithoutASpeedAboveZeroOrAnArrivalIsRefused() throws {
    let still = try LoadSchedule.of("trace:t") {
      $0.trace = try trace("[3]")
      $0.speed = ExactDecimal("0")
    }
    #expect(throws: DirectiveError.self) { try still.orders(1) }
    let unread = try LoadSchedule.of("trace:t")
    let error = #expect(throws: DirectiveError.self) { try unread.orders(1) }
    #expect(error?.description == "t has no arrival: write a file with at least one")
  }
}
