import EventStream
import Testing

@Suite("The event stream grammar")
struct ConformanceTests {
  @Test("a stream in one piece gives the standard's events", arguments: ConformanceCase.all)
  func whole(row: ConformanceCase) {
    let reading = Reading(pieces: [row.stream])
    #expect(reading.events == row.events)
    #expect(Array(reading.lastID.utf8) == Array(row.lastID.utf8))
    #expect(reading.retry == row.retry)
  }

  @Test("where a stream is cut in two makes no difference", arguments: ConformanceCase.all)
  func everyCut(row: ConformanceCase) {
    let whole = Reading(pieces: [row.stream])
    for place in 0...row.stream.count {
      #expect(Reading(pieces: row.stream.cut(at: place)) == whole, "cut before byte \(place)")
    }
  }

  @Test("pieces of 1, 2, 3 and 7 bytes make no difference", arguments: ConformanceCase.all)
  func smallPieces(row: ConformanceCase) {
    let whole = Reading(pieces: [row.stream])
    for size in [1, 2, 3, 7] {
      #expect(Reading(pieces: row.stream.pieces(of: size)) == whole, "pieces of \(size)")
    }
  }

  @Test("empty pieces in between make no difference", arguments: ConformanceCase.all)
  func emptyPieces(row: ConformanceCase) {
    let pieces = row.stream.pieces(of: 1).flatMap { [[], $0] }
    #expect(Reading(pieces: pieces + [[]]) == Reading(pieces: [row.stream]))
  }

  @Test("blocks tile the stream up to the tail", arguments: ConformanceCase.all)
  func blocksTile(row: ConformanceCase) {
    let index = EventIndex(body: row.stream, chunkEnds: [row.stream.count])
    var end = 0
    for event in index.events {
      #expect(event.block.lowerBound == end)
      #expect(event.block.contains(event.dispatchOffset))
      end = event.block.upperBound
    }
    #expect(index.tail == end..<row.stream.count)
    #expect(index.events.map(\.block) == Reading(pieces: row.stream.pieces(of: 1)).blocks)
  }

  @Test("each block alone gives the same data, with the ID in force before it given first")
  func blocksStandAlone() {
    for row in ConformanceCase.all {
      let index = EventIndex(body: row.stream, chunkEnds: [])
      for event in index.events {
        let alone = Reading(pieces: [Array(row.stream[event.block])])
        #expect(alone.events.map(\.data) == [Array(event.data.utf8)], "\(row.name)")
        #expect(alone.events.map(\.type) == [Array(event.type.utf8)], "\(row.name)")
      }
    }
  }
}
