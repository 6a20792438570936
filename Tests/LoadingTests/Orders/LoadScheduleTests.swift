import Cassettes
import Loading
import Planning
import Testing

extension LoadSchedule {
  /// A schedule, changed as a test says.
  static func of(
    _ arrivals: String, _ change: (inout LoadSchedule) throws -> Void = { _ in }
  ) throws -> LoadSchedule {
    var schedule = LoadSchedule(try Arrivals(parsing: arrivals))
    try change(&schedule)
    return schedule
  }

  /// The first orders, at most so many.
  func orders(_ most: Int, of pool: RequestPool = .numbered(1)) throws -> [StreamOrder] {
    var source = try self.source(of: pool)
    var orders: [StreamOrder] = []
    while orders.count < most, let order = source.next() { orders.append(order) }
    return orders
  }

  /// When the first orders are due.
  func times(_ most: Int) throws -> [Int64] { try orders(most).map { $0.due ?? -1 } }
}

extension RequestPool {
  /// So many requests that have nothing to do with each other.
  static func numbered(_ count: Int) -> RequestPool {
    RequestPool((0..<count).map { LoadRequest(method: "POST", target: "/\($0)") })
  }
}

struct LoadScheduleTests {
  @Test(arguments: [
    ("constant:50/s", [0, 20_000_000, 40_000_000]),
    ("constant:3/s", [0, 333_333_333, 666_666_666, 1_000_000_000]),
    ("constant:180/m", [0, 333_333_333, 666_666_666, 1_000_000_000]),
    ("constant:0.5/s", [0, 2_000_000_000]),
    ("constant:999999999/s", [0, 1, 2, 3]),
  ])
  func constantArrivalsAreTheSameTimeApart(text: String, times: [Int64]) throws {
    #expect(try LoadSchedule.of(text).times(times.count) == times)
  }

  @Test func roundingNeverAddsUp() throws {
    var times = ConstantTimes(try ArrivalRate(parsing: "3/s"))
    for number in 0..<300_000 {
      let exact = Int64(number) * 1_000_000_000 / 3
      #expect(times.next() == exact)
    }
    let rate = try ArrivalRate(parsing: "0.7/h")
    #expect(rate.time(of: 700_000) == 3_600_000_000_000_000_000)
    #expect(rate.time(of: 1_000_000_000) == nil)
    #expect(try ArrivalRate(parsing: "999999999.999999999/s").time(of: .max) != 0)
  }

  @Test func aDurationAndACountEndASchedule() throws {
    let second = try LoadSchedule.of("constant:50/s") { $0.duration = Microseconds(1_000_000) }
    #expect(try second.orders(1000).count == 50)
    let counted = try LoadSchedule.of("constant:50/s") { $0.count = 7 }
    #expect(try counted.orders(1000).map(\.number) == Array(0..<7))
    let closed = try LoadSchedule.of("concurrent:3") { $0.count = 5 }
    #expect(try closed.orders(1000).map(\.due) == [nil, nil, nil, nil, nil])
    #expect(try closed.source(of: .numbered(1)).places == 3)
  }

  @Test func whatIsDueBeforeTheWarmUpEndsIsWarmUp() throws {
    let schedule = try LoadSchedule.of("constant:10/s") {
      $0.warmup = Microseconds(saturating: 250_000)
    }
    #expect(try schedule.orders(5).map(\.isWarmup) == [true, true, true, false, false])
    #expect(try schedule.source(of: .numbered(1)).warmup == 250_000_000)
  }

  @Test(arguments: [
    ("count=0", "a count of 0 is not from 1 to 1000000000"),
    ("count=1000000001", "a count of 1000000001 is not from 1"),
    ("duration=0s", "a duration of 0 asks for nothing: write a time like 30s"),
    ("warmup=10s duration=10s", "a warm-up of 10s leaves nothing of a run of 10s to measure"),
    ("think=1s", "a think time has no effect where conversations have one turn"),
    ("speed=2", "--speed is for trace:FILE alone: change the rate in constant:10/s"),
    ("weights=1,2,3", "--requests weights:1,2,3 has 3 weights for 2 requests: write one for each"),
  ])
  func optionsThatMakeNoScheduleAreRefused(text: String, message: String) throws {
    let schedule = try LoadSchedule.of("constant:10/s") {
      for option in text.split(separator: " ") {
        let value = String(option.split(separator: "=")[1])
        switch option.split(separator: "=")[0] {
        case "count": $0.count = Int(value)
        case "duration": $0.duration = try Quantity.duration(value)
        case "warmup": $0.warmup = try Quantity.duration(value)
        case "think": $0.think = try DrawnTime(parsing: value, for: "think time")
        case "speed": $0.speed = ExactDecimal(value)
        default: $0.choice = try RequestChoice(parsing: "weights:\(value)")
        }
      }
    }
    let error = #expect(throws: DirectiveError.self) { try schedule.source(of: .numbered(2)) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func aShardWithoutAPlaceIsRefused() throws {
    let schedule = try LoadSchedule.of("concurrent:2") { $0.shard = try Shard(parsing: "3/4") }
    let error = #expect(throws: DirectiveError.self) { try schedule.source(of: .numbered(1)) }
    #expect(error?.description.contains("shard 3/4 has no place of concurrent:2") == true)
  }

  @Test func nothingToSendIsRefused() throws {
    let schedule = try LoadSchedule.of("constant:1/s")
    #expect(throws: DirectiveError.self) { try schedule.source(of: RequestPool([])) }
  }

  @Test(arguments: [
    ("constant:50/s", "1", "1/1", 50), ("constant:3000/m", "1", "1/1", 50),
    ("poisson:50/s", "3", "1/1", 150), ("gamma:50/s,cv=2", "1..3", "2/4", 25),
  ])
  func theRateThatIsAskedForCountsEachTurn(
    arrivals: String, turns: String, shard: String, rate: Double
  ) throws {
    let schedule = try LoadSchedule.of(arrivals) {
      $0.turns = try TurnCount(parsing: turns)
      $0.shard = try Shard(parsing: shard)
    }
    #expect(schedule.requestedPerSecond == rate)
  }

  @Test func theRateOfARampIsItsMean() throws {
    let ramp = try LoadSchedule.of("ramp:10..30/10s") { $0.duration = Microseconds(10_000_000) }
    #expect(ramp.requestedPerSecond == 20)
    let longer = try LoadSchedule.of("ramp:10..30/10s") {
      $0.duration = Microseconds(20_000_000)
      $0.warmup = Microseconds(saturating: 10_000_000)
    }
    #expect(longer.requestedPerSecond == 30)
    #expect(try LoadSchedule.of("concurrent:5").requestedPerSecond == nil)
  }
}
