import Sockets
import Testing

@Suite("A timing wheel gives back what is due, in order, and nothing early")
struct TimingWheelTests {
  private static func take(
    _ wheel: inout TimingWheel<Int>, _ tick: Int, atMost limit: Int = .max
  ) -> [Int] {
    var due: [Int] = []
    _ = wheel.take(upTo: tick, atMost: limit, into: &due)
    return due
  }

  @Test("nothing comes a tick before its own, and what has one tick comes in order")
  func order() {
    var wheel = TimingWheel<Int>(slotsLog2: 3, start: 100)
    for (element, tick) in [(1, 103), (2, 101), (3, 103), (4, 108), (5, 103 + 16)] {
      wheel.insert(element, at: tick)
    }
    #expect(wheel.next == 101)
    #expect(Self.take(&wheel, 100) == [])
    #expect(Self.take(&wheel, 102) == [2])
    #expect(wheel.next == 103)
    #expect(Self.take(&wheel, 118) == [1, 3, 4])
    #expect(wheel.next == 119)
    #expect(Self.take(&wheel, 1_000_000) == [5])
    #expect(wheel.next == nil)
    #expect(wheel.count == 0)
  }

  @Test("what is over when it comes in is due at once")
  func late() {
    var wheel = TimingWheel<Int>(slotsLog2: 3, start: 100)
    wheel.insert(1, at: 5)
    #expect(wheel.next == 100)
    #expect(Self.take(&wheel, 100) == [1])
    wheel.insert(2, at: Int.min)
    #expect(Self.take(&wheel, 100) == [2])
  }

  @Test("what a limit leaves comes next, in front of what comes in meanwhile")
  func limit() {
    var wheel = TimingWheel<Int>(slotsLog2: 3, start: 0)
    for element in 1...5 { wheel.insert(element, at: 2) }
    #expect(Self.take(&wheel, 2, atMost: 2) == [1, 2])
    wheel.insert(6, at: 2)
    wheel.insert(7, at: 3)
    #expect(Self.take(&wheel, 3, atMost: 3) == [3, 4, 5])
    #expect(Self.take(&wheel, 3) == [6, 7])
  }

  @Test("what is taken out is not given back, and all else is")
  func removal() {
    var wheel = TimingWheel<Int>(slotsLog2: 3, start: 0)
    for element in 0..<100 { wheel.insert(element, at: element / 3) }
    wheel.removeAll { $0 % 4 != 0 }
    #expect(wheel.count == 25)
    wheel.insert(101, at: 12)
    #expect(Self.take(&wheel, 12).sorted() == [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 101])
    wheel.removeAll { _ in true }
    #expect(wheel.next == nil)
    #expect(Self.take(&wheel, 1000) == [])
  }

  @Test("a wheel gives the same as a sorted list, whatever comes in when")
  func property() {
    var chance = SystemRandomNumberGenerator()
    for _ in 1...200 {
      var wheel = TimingWheel<Int>(slotsLog2: 4, start: 0)
      var list: [(tick: Int, element: Int)] = []
      var now = 0
      for element in 0..<200 {
        // Some come a few rounds later, some are over.
        let tick = max(now, now + Int.random(in: -5...60, using: &chance))
        wheel.insert(element, at: tick)
        list.append((tick, element))
        guard element % 3 == 0 else { continue }
        now += Int.random(in: 0...25, using: &chance)
        let due = list.filter { $0.tick <= now }.map(\.element)
        list.removeAll { $0.tick <= now }
        #expect(Set(Self.take(&wheel, now)) == Set(due))
        #expect(wheel.next == list.map(\.tick).min())
        #expect(wheel.count == list.count)
      }
    }
  }
}
