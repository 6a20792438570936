package import Cassettes
internal import Matching

/// Which exchange of one cassette is compared with which of another.
///
/// Two belong together that ask for the same, as matching has it, the first with the first; then
/// those of one method and path; then those that stand at the same place.
package struct ExchangePairs: Hashable, Sendable {
  /// Two that are compared: their places, from 0.
  package struct Pair: Hashable, Sendable {
    package var was: Int
    package var now: Int

    /// Pairs two places.
    package init(was: Int, now: Int) { (self.was, self.now) = (was, now) }
  }

  /// The pairs, in the order of the first cassette.
  package private(set) var pairs: [Pair] = []

  /// The places of what only the first one has.
  package private(set) var onlyWas: [Int]

  /// The places of what only the second one has.
  package private(set) var onlyNow: [Int]

  /// Pairs the requests of two cassettes.
  package init(_ was: [RecordedRequest], _ now: [RecordedRequest]) {
    onlyWas = Array(was.indices)
    onlyNow = Array(now.indices)
    let comparison = Comparison()
    let mine = was.map { ComparableRequest($0, comparing: comparison) }
    let theirs = now.map { ComparableRequest($0, comparing: comparison) }
    pair {
      Key(line: mine[$0].line, body: mine[$0].body)
    } _: {
      Key(line: theirs[$0].line, body: theirs[$0].body)
    }
    pair {
      mine[$0].line
    } _: {
      theirs[$0].line
    }
    pair {
      $0
    } _: {
      $0
    }
    pairs.sort { $0.was < $1.was }
  }

  private struct Key: Hashable {
    var line: RequestLine
    var body: ComparableBody
  }

  /// Pairs what is left by keys, in order.
  private mutating func pair<K: Hashable>(_ mine: (Int) -> K, _ theirs: (Int) -> K) {
    guard !onlyWas.isEmpty, !onlyNow.isEmpty else { return }
    var waiting: [K: [Int]] = [:]
    // The first in line stands last, so that it can be taken without moving the others.
    for place in onlyNow.reversed() { waiting[theirs(place), default: []].append(place) }
    var left: [Int] = []
    var taken: Set<Int> = []
    for place in onlyWas {
      guard let match = waiting[mine(place)]?.popLast() else {
        left.append(place)
        continue
      }
      taken.insert(match)
      pairs.append(Pair(was: place, now: match))
    }
    onlyWas = left
    onlyNow.removeAll(where: taken.contains)
  }
}
