import Loading
import Planning
import TestSupport
import Testing

struct ArrivalsTests {
  @Test(arguments: [
    "constant:50/s", "constant:0.5/s", "constant:3000/m", "constant:90/h", "poisson:50/s",
    "gamma:50/s,cv=2", "gamma:3000/m,cv=0.25", "concurrent:200", "concurrent:1",
    "ramp:10..500/30s", "ramp:0..500/30s", "ramp:500..0/1500ms", "ramp:0.5..1.5/2m",
    "ramp:1..2/2000.000001s", "trace:FILE", "trace:a:b,c.csv",
  ])
  func theArrivalsAreWrittenAsTheyAreRead(text: String) throws {
    let arrivals = try Arrivals(parsing: text)
    #expect("\(arrivals)" == text)
    #expect(try Arrivals(parsing: "\(arrivals)") == arrivals)
  }

  @Test(arguments: [
    ("poison:50/s", "'poison:50/s' is not an arrival process; did you mean 'poisson:50/s'?"),
    ("uniform:5/s", "did you mean 'constant:50/s'?"),
    ("closed:20", "did you mean 'concurrent:200'?"),
    ("50/s", "did you mean 'constant:50/s'?"),
    ("20", "did you mean 'concurrent:20'?"),
    ("", "'' is not an arrival process: write constant:50/s, poisson:50/s"),
    ("constant", "'' is not a rate of arrivals: write a number above 0 and a time, like 50/s"),
    ("constant:50", "'50' is not a rate of arrivals; did you mean '50/s'?"),
    ("constant:0/s", "'0/s' is not a rate"),
    ("constant:-1/s", "'-1/s' is not a rate"),
    ("constant:1e3/s", "'1e3/s' is not a rate"),
    ("constant:nan/s", "'nan/s' is not a rate"),
    ("constant:50/d", "'50/d' is not a rate"),
    ("gamma:50/s", "write gamma:50/s,cv=2 (1 is poisson"),
    ("gamma:50/s,cv=0", "lacks a coefficient of variation from 0.01 to 10"),
    ("gamma:50/s,cv=10.1", "lacks a coefficient of variation from 0.01 to 10"),
    ("gamma:50/s,cv=2,x", "lacks a coefficient of variation"),
    ("concurrent:0", "'concurrent:0' does not say how many streams are under way at a time"),
    ("concurrent:1000001", "from 1 to 1000000"),
    ("ramp:10-500/30s", "'ramp:10-500/30s' is not a ramp"),
    ("ramp:0..0/30s", "is not a ramp"),
    ("ramp:1..2/0s", "is not a ramp"),
    ("ramp:1..2/30", "is not a ramp"),
    ("ramp:..", "is not a ramp"),
    ("trace:", "'trace:' names no file: write trace:FILE"),
  ])
  func whatIsNoArrivalProcessIsRefusedInOneLine(text: String, message: String) {
    let error = #expect(throws: DirectiveError.self) { try Arrivals(parsing: text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test func onlyAClosedLoopWaitsForItsStreams() throws {
    for text in ["constant:1/s", "poisson:1/s", "gamma:1/s,cv=2", "ramp:1..2/1s", "trace:F"] {
      #expect(try Arrivals(parsing: text).isOpen)
    }
    #expect(try !Arrivals(parsing: "concurrent:5").isOpen)
  }

  @Test func noTextTrapsAParser() {
    var chance = SeededGenerator(7)
    let pieces = [
      "constant", "ramp", "gamma", "trace", ":", "..", ".", "/", "s", "m", "h", "ms", "50", "0",
      "999999999", "9999999999", ",", "cv=", "@", "%", "exp:", "-", "é", "\0", " ", "weights:", "<",
    ]
    for _ in 0..<4_000 {
      let count = Int.random(in: 0...8, using: &chance)
      let text = (0..<count).map { _ in pieces.randomElement(using: &chance) ?? "" }.joined()
      if let read = try? Arrivals(parsing: text) {
        #expect((try? Arrivals(parsing: "\(read)")) == read, "\(text)")
      }
      if let read = try? Shard(parsing: text) { #expect((try? Shard(parsing: "\(read)")) == read) }
      if let read = try? TurnCount(parsing: text) {
        #expect((try? TurnCount(parsing: "\(read)")) == read)
      }
      if let read = try? Departures(parsing: [text]) {
        #expect((try? Departures(parsing: ["\(read)"])) == read)
      }
      if let read = try? DrawnTime(parsing: text, for: "time") {
        #expect((try? DrawnTime(parsing: "\(read)", for: "time")) == read)
      }
      if let read = try? RequestChoice(parsing: text) {
        #expect((try? RequestChoice(parsing: "\(read)")) == read)
      }
    }
  }
}
