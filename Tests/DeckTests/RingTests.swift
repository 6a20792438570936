import Testing

@testable import Deck

@Suite("A ring is a queue of which any place can be looked at")
struct RingTests {
  @Test("whatever comes and goes, it holds what an array would")
  func likeAnArray() {
    var ring = Ring<Int>()
    var array: [Int] = []
    var generator = SystemRandomNumberGenerator()
    for step in 0..<5000 {
      if Bool.random(using: &generator) || array.isEmpty {
        ring.append(step)
        array.append(step)
      } else {
        #expect(ring.removeFirst() == array.removeFirst())
      }
      if step.isMultiple(of: 7), !array.isEmpty {
        let place = array.indices.randomElement(using: &generator) ?? 0
        ring[place]? += 1
        array[place] += 1
      }
      #expect(ring.indices.map { ring[$0] } == array)
    }
  }

  @Test("a place that it does not have holds nothing, and nothing can be put there")
  func beyond() {
    var ring = Ring<Int>()
    #expect(ring.removeFirst() == nil)
    ring.append(1)
    for place in [-1, 1, Int.max] {
      ring[place] = 2
      #expect(ring[place] == nil)
    }
    #expect(ring.indices.map { ring[$0] } == [1])
  }
}
