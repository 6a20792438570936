import Testing

@testable import Threads

@Suite("Results in order")
struct WorkResultsTests {
  @Test("Results come in the order of the work, whichever ends first")
  func order() {
    var results = WorkResults<Int>(WorkerPool(name: "test", threads: 4))
    for number in 0..<200 {
      results.submit(weight: number) {
        // The earlier ones compute longer.
        (0..<(200 - number)).reduce(number) { sum, _ in sum }
      }
    }
    #expect(results.weight == (0..<200).reduce(0, +))
    var found: [Int] = []
    while let result = results.next() { found.append(result) }
    #expect(found == Array(0..<200))
    #expect(results.weight == 0)
    #expect(results.nextIfDone() == nil)
  }

  @Test("What is forgotten does not come")
  func forgotten() {
    var results = WorkResults<Int>(WorkerPool(name: "test", threads: 1))
    for number in 0..<5 { results.submit(weight: 1) { number } }
    results.forget()
    results.submit(weight: 1) { 9 }
    #expect(results.next() == 9)
    #expect(results.next() == nil)
  }
}
