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
        ring[place] += 1
        array[place] += 1
      }
      #expect(ring.indices.map { ring[$0] } == array)
    }
  }
}
