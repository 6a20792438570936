import Testing

@testable import Units

@Suite("Moments add up, and stop at the ends of what they hold")
struct InstantTests {
  @Test("the clock never goes back")
  func clock() {
    var last = Instant.now()
    for _ in 0..<10_000 {
      let now = Instant.now()
      #expect(now >= last)
      last = now
    }
  }

  @Test(
    "a duration is taken to the nanosecond",
    arguments: [
      (Duration.milliseconds(20), Int64(20_000_000)), (.seconds(-2), -2_000_000_000),
      (.nanoseconds(1), 1), (.zero, 0), (.seconds(Int64.max / 2), .max),
      (.seconds(Int64.min / 2), .min),
    ])
  func durations(duration: Duration, nanoseconds: Int64) {
    #expect(duration.wholeNanoseconds == nanoseconds)
    #expect((Instant(nanoseconds: 0) + duration).nanoseconds == nanoseconds)
  }

  @Test("a sum that 64 bits do not hold is their end")
  func ends() {
    let late = Instant(nanoseconds: .max - 1)
    let early = Instant(nanoseconds: .min + 1)
    #expect(late.after(nanoseconds: 5) == .distantFuture)
    #expect(early.after(nanoseconds: -5).nanoseconds == .min)
    #expect(late.nanoseconds(since: early) == .max)
    #expect(early.nanoseconds(since: late) == .min)
    #expect(late - Instant(nanoseconds: .max - 4) == .nanoseconds(3))
  }
}

#if os(Linux)
  @Suite("How many processors there are, a container's quota says too")
  struct ProcessorsTests {
    @Test(
      "a quota is rounded up to whole processors, and nothing else is one",
      arguments: [
        ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000\n", 2),
        ("1000 100000\n", 1), ("", nil), ("0 100000\n", nil), ("100000 0\n", nil), ("x y\n", nil),
        ("9223372036854775807 1\n", Int.max),
      ] as [(String, Int?)])
    func quota(text: String, count: Int?) {
      #expect(Processors.quota(of: text) == count)
    }

    @Test("there is at least one")
    func count() {
      #expect(Processors.count >= 1)
    }
  }
#endif
