internal import Cassettes
internal import EventStream
internal import Planning

/// A recording of which some events are left out, with faults that still happen at the same ones.
struct Reduction {
  private let original: Exchange
  private let blocks: [Range<Int>]

  /// The indices of all events.
  var all: [Int] { Array(blocks.indices) }

  init(_ exchange: Exchange) {
    original = exchange
    blocks =
      exchange.isEventStream
      ? EventIndex(body: exchange.body, chunkEnds: []).events.map(\.block) : []
  }

  /// The recording with these events only, each in a chunk of its own at the head's time.
  func exchange(keeping kept: [Int]) -> Exchange {
    var exchange = original
    let at = original.head?.at ?? .zero
    exchange.body = []
    exchange.chunks = []
    exchange.asides = []
    for index in kept { exchange.append(chunk: original.body[blocks[index]], at: at) }
    let tail = blocks.last?.upperBound ?? 0
    exchange.append(chunk: original.body[tail...], at: at)
    exchange.trailers?.at = at
    exchange.ending.at = at
    return exchange
  }

  /// Faults at the places that they had, or nil where one of these is left out.
  func faults(_ faults: [FaultSpec], keeping kept: [Int]) -> [FaultSpec]? {
    var moved: [FaultSpec] = []
    for var fault in faults {
      if let place = fault.place {
        guard let target = target(of: place, keeping: kept) else { return nil }
        fault.place?.target = target
      }
      moved.append(fault)
    }
    return moved
  }

  private func target(of place: FaultPlace, keeping kept: [Int]) -> FaultPlace.Target? {
    switch place.target {
    case .event(let number):
      // The point before an event that is gone is the one before the next that is there.
      let index = kept.firstIndex { $0 >= number - 1 }
      guard let index, place.side == .before || kept[index] == number - 1 else { return nil }
      return .event(index + 1)
    case .byte(let number):
      var before = 0
      for index in kept {
        let block = blocks[index]
        if block.contains(number - 1) { return .byte(before + number - block.lowerBound) }
        before += block.count
      }
      return nil
    // What is named by type, share or end is found anew.
    case .head, .type, .time, .fraction, .end, .random, .randomEvent: return place.target
    }
  }
}

/// Finds a small part of a list for which something still holds.
///
/// Delta debugging: ever smaller pieces are left out, as long as it holds without them. (Zeller and
/// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002)
struct DeltaDebugging {
  /// How often it is asked at the most.
  var questions: Int

  /// The part, in order.
  ///
  /// - Parameters:
  ///   - items: The list, for which it holds.
  ///   - holds: Whether it holds for a part.
  /// - Returns: A part from which no single piece can be left out, or the smallest that was found.
  mutating func minimum(
    of items: [Int], where holds: ([Int]) async throws -> Bool
  ) async rethrows -> [Int] {
    var items = items
    var pieces = 2
    while items.count > 1, questions > 0 {
      let size = (items.count + pieces - 1) / pieces
      var start = 0
      var isSmaller = false
      while start < items.count, questions > 0 {
        let rest = Array(items[..<start] + items[min(start + size, items.count)...])
        questions -= 1
        if try await holds(rest) {
          items = rest
          isSmaller = true
        } else {
          start += size
        }
      }
      if isSmaller {
        pieces = max(2, pieces - 1)
      } else if size == 1 {
        break
      } else {
        pieces = min(items.count, pieces * 2)
      }
    }
    return items
  }
}
