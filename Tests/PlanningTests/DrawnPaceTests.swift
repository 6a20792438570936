import Cassettes
import Testing
import Units

@testable import Planning

@Suite("Paces that chance draws")
struct DrawnPaceTests {
  private static let five = PlanText.exchange(
    #"head@7 | [data: a\n\ndata: b\n\n]@10 | [data: c\n\n: x]@20 | complete@30"#)

  @Test("a model puts drawn times between the events, and the head at once")
  func model() throws {
    let plan = try Planner().plan(
      Self.five, PlanOptions(pace: Pace(parsing: "model:ttft=300ms,gap=uniform(1ms,9ms)"), seed: 5))
    let chance = Chance(seed: 5, session: "", exchangeID: Self.five.request.id, attempt: 1)
    let second = 300_000 + 1000 + Int64(chance.draw("gap:2") % 8001)
    let third = second + 1000 + Int64(chance.draw("gap:3") % 8001)
    #expect(
      PlanText.line(plan)
        == #"0 head, 300000 "data: a\n\n", \#(second) "data: b\n\n", "#
        + #"\#(third) "data: c\n\n: x", \#(third) complete"#)
  }

  @Test("without a time to the first event, that is a gap like the others")
  func gapAlone() throws {
    let plan = try Planner().plan(
      Self.five, PlanOptions(pace: Pace(parsing: "model:gap=constant(2ms)")))
    #expect(
      PlanText.line(plan)
        == #"0 head, 2000 "data: a\n\n", 4000 "data: b\n\n", 6000 "data: c\n\n: x", 6000 complete"#)
  }

  @Test(
    "a draw is the distribution's quantile in whole microseconds, on every machine",
    arguments: [
      // Computed with Python's statistics.NormalDist and math.
      (0, [11245, 734_736, 0, 10000]),
      (UInt64.max, [8_003_201, 0, 61047, 10594]),
      (1 << 63, [300_000, 13862, 20000, 20298]),
      (12_345_678_901_234_567_890, [357_427, 8031, 22189, 10282]),
      (1 << 40, [36085, 332_710, 0, 24944]),
      (987_654_321_987_654_321, [157_464, 58546, 11942, 17293]),
    ] as [(UInt64, [Int64])])
  func quantiles(draw: UInt64, expected: [Int64]) throws {
    let texts = [
      "lognormal(300ms,0.4)", "exponential(20ms)", "normal(20ms,5ms)", "uniform(10ms,30ms)",
    ]
    let times = try texts.map { try Pace.Distribution(parsing: $0).interval(for: draw).count }
    #expect(times == expected)
  }

  @Test("half of what a lognormal draws is below its median, and sigma is its spread")
  func spread() throws {
    let chance = Chance(seed: 1, session: "", exchangeID: "x", attempt: 1)
    let distribution = try Pace.Distribution(parsing: "lognormal(20ms,0.3)")
    let times = (0..<4000).map { distribution.interval(for: chance.draw("gap:\($0)")).count }
      .sorted()
    #expect(abs(times[2000] - 20_000) < 400)
    // exp(0.3) = 1.35 at 84.1 %
    #expect(abs(times[3365] - 26_997) < 600)
  }

  @Test("times beyond all bounds are at the limit")
  func extremes() throws {
    let texts = ["lognormal(999999999s,10)", "exponential(999999999s)", "normal(1us,999999999s)"]
    for text in texts {
      let distribution = try Pace.Distribution(parsing: text)
      for draw in [0, 1, UInt64.max / 2, .max] {
        #expect((.zero ... .limit).contains(distribution.interval(for: draw)))
      }
    }
  }

  @Test("exp, log and the normal quantile are right to the last digits")
  func functions() {
    let near = { (a: Double, b: Double) in abs(a - b) <= 4 * b.magnitude.ulp }
    #expect(near(PortableMath.exponential(1), 2.718281828459045))
    #expect(near(PortableMath.exponential(-12.5), 3.726653172078671e-06))
    #expect(PortableMath.exponential(0) == 1)
    #expect(near(PortableMath.logarithm(10), 2.302585092994046))
    #expect(near(PortableMath.logarithm(0x1p-53), -36.7368005696771))
    #expect(PortableMath.logarithm(1) == 0)
    #expect(near(NormalQuantile.of(0.975), 1.9599639845400536))
    #expect(near(NormalQuantile.of(1e-10), -6.361340902404056))
    #expect(near(NormalQuantile.of(0.01), -2.3263478740408408))
    #expect(NormalQuantile.of(0.5) == 0)
    for step in 1...600 {
      let x = Double(step) / 3
      #expect(abs(PortableMath.logarithm(PortableMath.exponential(x)) - x) < 1e-13)
    }
  }

  @Test("a pace like a cassette draws from the times of its whole streams, event by event")
  func like() throws {
    let others = [
      PlanText.exchange(#"head@1 | [data: a\n\nda]@100 | [ta: b\n\n]@130 | complete@200"#),
      PlanText.exchange(#"head@1 | [data: a\n\n]@500 | [data: b\n\n]@900 | reset@901"#),
      PlanText.exchange(#"head@1 | [{}]@5 | complete@6"#, type: "application/json"),
      PlanText.exchange(
        #"head@1 | [data: a\n\ndata: b\n\n]@110 | [data: c\n]@115 | [\n]@150 | complete@150"#),
    ]
    let samples = try #require(Pace.Samples(of: others))
    #expect(samples.firsts.map(\.count) == [100, 110])
    #expect(samples.gaps.map(\.count) == [30, 0, 40])
    let options = PlanOptions(pace: try Pace(parsing: "like:x"), seed: 3, samples: samples)
    let chance = Chance(options, Self.five)
    let first = [100, 110][Int(chance.draw("ttft") % 2)]
    let second = first + [30, 0, 40][Int(chance.draw("gap:2") % 3)]
    let third = second + [30, 0, 40][Int(chance.draw("gap:3") % 3)]
    #expect(
      PlanText.line(try Planner().plan(Self.five, options))
        == #"0 head, \#(first) "data: a\n\n", \#(second) "data: b\n\n", "#
        + #"\#(third) "data: c\n\n: x", \#(third) complete"#)
  }

  @Test("without times to draw from there is no plan")
  func noSamples() throws {
    #expect(Pace.Samples(of: [PlanText.exchange(#"head@1 | [data: a\n\n]@5 | complete@6"#)]) == nil)
    let options = PlanOptions(pace: try Pace(parsing: "like:x"))
    #expect(throws: DirectiveError.self) { try Planner().plan(Self.five, options) }
  }

  @Test(
    "a pace by chance is written back in a form that parses to it",
    arguments: [
      "like:anthropic-text", "like:a/b", "like:a%2Fb,jitter:20%", "like:a%2C(b%3A,jitter:2%",
      "model:ttft=lognormal(300ms,0.4),gap=lognormal(20ms,0.3)", "model:gap=20ms",
      "model:gap=exponential(1.5s),ttft=uniform(0us, 10ms)", "model:gap=normal(20ms,5ms)",
      "model:ttft=lognormal%28300ms%2C0.4%29,gap=lognormal(20ms%2C0.3)",
    ])
  func writtenBack(text: String) throws {
    let pace = try Pace(parsing: text)
    #expect(pace.rechunksByEvent)
    #expect(try Pace(parsing: pace.description) == pace)
    let target = try RequestTarget(parsing: "/~pace=\(pace)/~session=s/v1")
    #expect(target.directives.pace == pace && target.target == "/v1")
    #expect(try Directives(header: "pace=\(pace); session=s").pace == pace)
  }

  @Test(
    "what is no pace by chance is refused, with what was meant",
    arguments: [
      ("like", "like:NAME"), ("like:", "like:NAME"), ("lik:x", "like:NAME"),
      ("like:a,b", "like:NAME"),
      ("model", "model:ttft="), ("ttft=300ms,gap=20ms", "did you mean 'model:ttft="),
      ("gap:lognormal(20ms,0.3)", "model:ttft="), ("model:ttft=20ms", "distribution of its gaps"),
      ("model:itl=20ms", "did you mean 'gap='"), ("model:gap=lognorm(1ms,1)", "'lognormal'"),
      ("model:gap=exp(1ms)", "'exponential'"), ("model:gap=lognormal(1ms)", "a median and a sigma"),
      ("model:gap=lognormal(1ms,30%)", "sigma from 0 to 10"),
      ("model:gap=lognormal(1ms,11)", "sigma"),
      ("model:gap=uniform(2ms,1ms)", "uniform(10ms,30ms)"), ("model:gap=normal(20,5)", "duration"),
      ("model:gap=1ms,gap=2ms", "twice"), ("model:gap=1ms,jitter:20%", "leave out ,jitter"),
      ("model:gap=lognormal(1ms,1", "a median and a sigma"),
      ("model:gap=lognormal", "lognormal(20ms"),
    ])
  func refused(text: String, said: String) {
    let error = #expect(throws: DirectiveError.self) { try Pace(parsing: text) }
    #expect(error?.description.contains(said) == true, "\(error?.description ?? "")")
  }
}
