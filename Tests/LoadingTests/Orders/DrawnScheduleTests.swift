import Cassettes
import Loading
import Planning
import Testing

/// What is drawn: the same by the same seed, on every machine, and as it is said to be.
struct DrawnScheduleTests {
  @Test(
    arguments: [
      ("poisson:50/s", 1, [1_452_064, 4_956_357, 40_953_168, 50_991_725, 56_013_014]),
      ("poisson:50/s", 2, [1_277_434, 36_867_878, 41_250_871]),
      ("gamma:50/s,cv=2", 1, [74_732_348, 93_853_679, 101_807_293, 101_814_844, 117_389_181]),
      ("gamma:50/s,cv=0.5", 1, [9_469_983, 31_442_826, 48_881_729, 78_469_020, 89_085_713]),
      ("ramp:10..500/30s", 1, [0, 92_945_002, 174_991_899, 249_260_038, 317_615_163]),
    ] as [(String, UInt64, [Int64])])
  func aSeedGivesTheSameScheduleToTheNanosecond(
    arrivals: String, seed: UInt64, times: [Int64]
  ) throws {
    #expect(try LoadSchedule.of(arrivals) { $0.seed = seed }.times(times.count) == times)
  }

  @Test(arguments: [
    ("poisson:200/s", 1.0), ("gamma:200/s,cv=0.5", 0.5), ("gamma:200/s,cv=1", 1),
    ("gamma:200/s,cv=2", 2), ("gamma:12000/m,cv=3", 3),
  ])
  func theDistancesHaveTheirMeanAndVariation(arrivals: String, variation: Double) throws {
    let count = 40_000
    let times = [0] + (try LoadSchedule.of(arrivals) { $0.seed = 9 }.times(count))
    let gaps = zip(times, times.dropFirst()).map { Double($1 - $0) / 1e9 }
    let mean = gaps.reduce(0, +) / Double(count)
    let square = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    // Four deviations of the mean of so many.
    #expect(abs(mean * 200 - 1) < 4 * variation / Double(count).squareRoot())
    #expect(abs(square.squareRoot() / mean / variation - 1) < 0.05)
    #expect(times == times.sorted())
  }

  @Test(arguments: [
    ("ramp:10..500/30s", 30, 7650), ("ramp:500..10/30s", 30, 7650), ("ramp:0..500/30s", 30, 7500),
    ("ramp:500..0/30s", 60, 7500), ("ramp:50..50/30s", 30, 1500), ("ramp:10..30/10s", 20, 500),
    ("ramp:10..500/30s", 15, 1988),
  ])
  func aRampHasAsManyArrivalsAsItsIntegral(arrivals: String, seconds: Int64, count: Int) throws {
    let schedule = try LoadSchedule.of(arrivals) {
      $0.duration = Microseconds(seconds * 1_000_000)
    }
    let times = try schedule.times(10_000)
    #expect(abs(times.count - count) <= 1)
    #expect(times == times.sorted())
  }

  @Test func anEvenRampIsConstantAndDoesNotDrift() throws {
    let ramp = try LoadSchedule.of("ramp:40..40/7s").times(40_000)
    for (number, time) in ramp.enumerated() { #expect(time == Int64(number) * 25_000_000) }
  }

  private func full(_ change: (inout LoadSchedule) throws -> Void = { _ in }) throws -> LoadSchedule
  {
    try LoadSchedule.of("poisson:100/s") {
      $0.seed = 4
      $0.count = 900
      $0.turns = try TurnCount(parsing: "1..5")
      $0.think = try DrawnTime(parsing: "exp:2s", for: "think time")
      $0.departures = try Departures(parsing: ["5%@1s..4s", "10%@exp:3s"])
      $0.choice = .random
      try change(&$0)
    }
  }

  /// All orders, where each turn ends a while after it was due.
  private func played(_ schedule: LoadSchedule) throws -> [StreamOrder] {
    var source = try schedule.source(of: .numbered(7))
    var orders: [StreamOrder] = []
    while let first = source.next() {
      var next: StreamOrder? = first
      while let order = next {
        orders.append(order)
        next = source.turn(after: order, endedAt: (order.due ?? 0) + 1000)
      }
    }
    return orders
  }

  @Test func theTurnsOfAConversationFollowEachOther() throws {
    let orders = try played(full())
    #expect(orders.map(\.number) == Array(0..<900))
    for (one, next) in zip(orders, orders.dropFirst()) {
      if next.turn == 1 {
        #expect(next.conversation == one.conversation + 1)
      } else {
        #expect(next.conversation == one.conversation && next.turn == one.turn + 1)
        #expect(next.due ?? 0 >= (one.due ?? 0) + 1000)
      }
    }
    #expect(Set(orders.map(\.turn)) == [1, 2, 3, 4, 5])
  }

  @Test(arguments: [1, 2, 3, 4, 7])
  func theShardsTogetherAreTheWholeSchedule(count: Int) throws {
    let whole = try played(full())
    var union: [StreamOrder] = []
    for number in 1...count {
      let share = try played(full { $0.shard = try Shard(parsing: "\(number)/\(count)") })
      #expect(share.allSatisfy { $0.conversation % count == number - 1 })
      union += share
    }
    #expect(union.sorted { $0.number < $1.number } == whole)
  }

  @Test(arguments: [1, 2, 3, 7, 200])
  func thePlacesOfShardsAddUp(count: Int) throws {
    let schedules = try (1...count).map { number in
      try LoadSchedule.of("concurrent:200") { schedule in
        schedule.count = 1000
        schedule.shard = try Shard(parsing: "\(number)/\(count)")
      }
    }
    let places = try schedules.map { try $0.source(of: .numbered(1)).places ?? 0 }
    #expect(places.reduce(0, +) == 200)
    #expect((places.max() ?? 0) - (places.min() ?? 0) <= 1)
    let numbers = try schedules.flatMap { try $0.orders(1000).map(\.number) }
    #expect(numbers.sorted() == Array(0..<1000))
  }

  @Test func oneOptionDoesNotMoveAnother() throws {
    let orders = try played(full())
    let stay = try played(full { $0.departures = Departures() })
    #expect(stay.map(\.due) == orders.map(\.due))
    #expect(stay.map(\.request) == orders.map(\.request))
    let ordered = try played(full { $0.choice = .ordered })
    #expect(ordered.map(\.due) == orders.map(\.due))
    #expect(ordered.map(\.cancelAfter) == orders.map(\.cancelAfter))
    let slow = try played(full { $0.think = .fixed(.zero) })
    #expect(slow.map(\.conversation) == orders.map(\.conversation))
    #expect(slow.filter { $0.turn == 1 }.map(\.due) == orders.filter { $0.turn == 1 }.map(\.due))
    let other = try played(full { $0.seed = 5 })
    #expect(other.map(\.due) != orders.map(\.due))
  }

  @Test func asManyClientsLeaveAsIsSaidAndWhen() throws {
    let schedule = try LoadSchedule.of("constant:1000/s") {
      $0.departures = try Departures(parsing: ["5%@2s,10%@1s..4s"])
    }
    let leaving = try schedule.orders(40_000).compactMap(\.cancelAfter)
    let fixed = leaving.count { $0 == 2_000_000_000 }
    #expect(abs(Double(fixed) / 40_000 - 0.05) < 0.005)
    #expect(abs(Double(leaving.count) / 40_000 - 0.15) < 0.007)
    #expect(leaving.allSatisfy { (1_000_000_000...4_000_000_000).contains($0) })
    let all = try LoadSchedule.of("constant:1/s") {
      $0.departures = try Departures(parsing: ["100%@0s"])
    }
    #expect(try all.orders(1000).allSatisfy { $0.cancelAfter == 0 })
  }

  @Test(arguments: [
    ("5%", "'5%' does not say who leaves, and when: write a share"),
    ("5@2s", "'5' is not a share"), ("101%@2s", "'101%' is not a share"),
    ("5%@2", "'2' is not a time to leave after: write a time like 2s"),
    ("5%@4s..1s", "is not a time to leave after"), ("60%@1s,50%@2s", "more than 100%"),
  ])
  func departuresThatAreNoneAreRefused(text: String, message: String) {
    let error = #expect(throws: DirectiveError.self) { try Departures(parsing: [text]) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func aPlaceOfAClosedLoopRestsBetweenAnyTwoOfItsStreams() throws {
    let schedule = try LoadSchedule.of("concurrent:2") {
      $0.think = try DrawnTime(parsing: "2s", for: "think time")
      $0.duration = Microseconds(10_000_000)
    }
    #expect(try schedule.orders(4).map(\.pause) == [0, 0, 2_000_000_000, 2_000_000_000])
    let talks = try LoadSchedule.of("concurrent:2") {
      $0.turns = try TurnCount(parsing: "3")
      $0.think = try DrawnTime(parsing: "2s", for: "think time")
      $0.duration = Microseconds(10_000_000)
    }
    var source = try talks.source(of: .numbered(1))
    let opening = source.next()
    let first = try #require(opening)
    let following = source.turn(after: first, endedAt: 1_000_000_000)
    let second = try #require(following)
    #expect((second.due, second.turn, second.number) == (3_000_000_000, 2, 1))
    #expect(source.turn(after: second, endedAt: 8_000_000_000) == nil)
    let last = source.turn(after: second, endedAt: 7_000_000_000)
    let third = try #require(last)
    #expect(source.turn(after: third, endedAt: 7_000_000_001) == nil)
    #expect(source.next()?.number == 3)
  }

  @Test(arguments: ["0/4", "5/4", "1/10001", "1", "a/b", "1/2/3"])
  func aShareThatIsNoneIsRefused(text: String) {
    let error = #expect(throws: DirectiveError.self) { try Shard(parsing: text) }
    #expect(error?.description.contains("'\(text)' is not a share of the schedule") == true)
  }

  @Test(arguments: ["0", "5..2", "1..", "1000001", "1.5", ""])
  func aNumberOfTurnsThatIsNoneIsRefused(text: String) {
    let error = #expect(throws: DirectiveError.self) { try TurnCount(parsing: text) }
    #expect(error?.description.contains("'\(text)' is not a number of turns") == true)
  }
}
