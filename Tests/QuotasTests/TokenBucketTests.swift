import Quotas
import Testing
import Units

struct TokenBucketTests {
  private static let second: Int64 = 1_000_000_000

  private func bucket(_ amount: Int64, _ period: Int64 = 60 * second) -> TokenBucket {
    TokenBucket(
      Quota(kind: .requests, amount: amount, period: period), at: Instant(nanoseconds: 0))
  }

  private func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

  @Test func itBeginsFullAndFillsContinuously() {
    var bucket = bucket(60)
    bucket.take(60)
    #expect(bucket.level == 0)
    #expect(bucket.wait(for: 1) == Self.second)
    bucket.refill(to: at(Self.second - 1))
    #expect(bucket.level == 0)
    #expect(bucket.wait(for: 1) == 1)
    bucket.refill(to: at(Self.second))
    #expect(bucket.level == 1)
    bucket.refill(to: at(3600 * Self.second))
    #expect(bucket.level == 60)
  }

  @Test("It holds the same however often it is looked at", arguments: [1, 7, 999, 1_000_003])
  func looksDoNotMatter(step: Int64) {
    // 7 in 3 s: no nanosecond adds a whole number.
    var often = bucket(7, 3 * Self.second)
    often.take(7)
    var once = often
    var now: Int64 = 0
    for _ in 0..<5000 {
      now += step
      often.refill(to: at(now))
    }
    once.refill(to: at(now))
    #expect(often.level == once.level)
    #expect(often.wait(for: 7) == once.wait(for: 7))
  }

  @Test func whatIsWaitedForIsThereAndNotANanosecondBefore() {
    var random = SeededNumbers(seed: 1)
    for _ in 0..<2000 {
      let amount = random.next(1...1_000_000)
      let period = random.next(1...86_400 * Self.second)
      var bucket = bucket(amount, period)
      bucket.take(random.next(0...amount))
      let now = random.next(0...period)
      bucket.refill(to: at(now))
      let count = random.next(1...amount)
      let wait = bucket.wait(for: count)
      guard wait > 0 else {
        #expect(bucket.level >= count)
        continue
      }
      var early = bucket
      early.refill(to: at(now + wait - 1))
      #expect(early.level < count)
      bucket.refill(to: at(now + wait))
      #expect(bucket.level >= count)
    }
  }

  @Test func noWindowHasMoreThanTheAmountAndWhatRefillsInIt() {
    var random = SeededNumbers(seed: 2)
    for _ in 0..<50 {
      let amount = random.next(1...50)
      let period = random.next(1...10) * Self.second
      var bucket = bucket(amount, period)
      var taken: [(at: Int64, count: Int64)] = []
      var now: Int64 = 0
      for _ in 0..<300 {
        now += random.next(0...period / 10)
        bucket.refill(to: at(now))
        let count = random.next(1...5)
        guard bucket.wait(for: count) == 0 else { continue }
        bucket.take(count)
        taken.append((now, count))
      }
      for first in taken.indices {
        var sum: Int64 = 0
        for next in taken[first...] {
          sum += next.count
          let refilled = (next.at - taken[first].at) * amount / period + 1
          #expect(sum <= amount + refilled)
        }
      }
    }
  }

  @Test func whatIsGivenBackIsNeverMoreThanItHolds() {
    var bucket = bucket(10)
    bucket.take(4)
    bucket.give(back: 100)
    #expect(bucket.level == 10)
    bucket.give(back: -5)
    #expect(bucket.level == 10)
    bucket.take(-5)
    #expect(bucket.level == 10)
  }

  @Test func aDebtIsPaidFirst() {
    var bucket = bucket(60)
    bucket.take(60)
    bucket.take(30)
    #expect(bucket.level == -30)
    #expect(bucket.wait(for: 1) == 31 * Self.second)
    bucket.refill(to: at(30 * Self.second))
    #expect(bucket.level == 0)
  }

  @Test func theLargestNumbersDoNotOverflow() {
    for period in [1, Int64.max] {
      for amount in [1, Quota.largestAmount] {
        var bucket = bucket(amount, period)
        for _ in 0..<2000 { bucket.take(.max) }
        #expect(bucket.level < 0)
        #expect(bucket.wait(for: amount) > 0)
        bucket.refill(to: at(.max))
        bucket.refill(to: at(.min))
        bucket.give(back: .max)
        #expect(bucket.level <= amount)
      }
    }
    #expect(bucket(5).wait(for: 6) == .max)
    #expect(Quota(kind: .requests, amount: .max, period: 0).amount == Quota.largestAmount)
  }
}

/// Numbers that a seed decides.
struct SeededNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(_ range: ClosedRange<Int64>) -> Int64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    word ^= word >> 31
    return range.lowerBound + Int64(word % UInt64(range.upperBound - range.lowerBound + 1))
  }
}
