/// The recording that is most like a request which nothing matches, and how they differ.
struct Nearest {
  /// The recording.
  let entry: Library.Entry

  /// In what the request differs from it.
  let differences: Differences

  /// How many entries are looked at.
  private static let searchLimit = 1_000

  /// How many of them have their bodies compared as JSON, and how many bytes of bodies in all.
  private static let comparedLimit = 8
  private static let comparedBytes = 1 << 20

  /// Finds it: what differs in the fewest fields, the body's among them, and of equals the first.
  ///
  /// The work is bounded: all entries are compared by method, path, query and fields, and the most
  /// promising ones by their bodies too.
  init?(
    to request: ComparableRequest, among entries: [Library.Entry], comparing comparison: Comparison
  ) {
    let names = comparison.headers
    let candidates = entries.prefix(Self.searchLimit).enumerated().map { place, entry in
      Candidate(entry, Differences(entry.request, request, headers: names), request, place)
    }
    var best: Nearest?
    var bytes = 0
    for candidate in candidates.sorted(by: <).prefix(Self.comparedLimit) {
      // Where the path or the method is another, the body says nothing.
      guard candidate.isSameResource else {
        best = best ?? Nearest(candidate.entry, candidate.differences)
        break
      }
      bytes += candidate.entry.request.body.bytes.count + request.body.bytes.count
      var differences = candidate.differences
      if best != nil, bytes > Self.comparedBytes { break }
      differences.addBody(
        candidate.entry.request.body, request.body, isDeep: bytes <= Self.comparedBytes)
      if best.map({ differences.count < $0.differences.count }) ?? true {
        best = Nearest(candidate.entry, differences)
      }
    }
    guard let best else { return nil }
    self = best
  }

  private init(_ entry: Library.Entry, _ differences: Differences) {
    self.entry = entry
    self.differences = differences
  }

  /// An entry, and how it ranks before the bodies are compared.
  private struct Candidate {
    let entry: Library.Entry
    let differences: Differences
    let isSameResource: Bool
    private let rank: (path: Int, method: Int, count: Int, likeness: Int, place: Int)

    init(
      _ entry: Library.Entry, _ differences: Differences, _ request: ComparableRequest, _ place: Int
    ) {
      self.entry = entry
      self.differences = differences
      let (mine, theirs) = (entry.request.line, request.line)
      let shared = Self.shared(mine.path.utf8, theirs.path.utf8)
      let path = mine.path == theirs.path ? 0 : 1 + theirs.path.utf8.count - shared
      let method = mine.method == theirs.method ? 0 : 1
      isSameResource = path == 0 && method == 0
      let likeness =
        isSameResource ? Self.likeness(of: entry.request.body.bytes, request.body.bytes) : 0
      rank = (path, method, differences.count, -likeness, place)
    }

    static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    /// How much of two bodies is the same from both ends, up to 20,000 bytes.
    private static func likeness(of a: [UInt8], _ b: [UInt8]) -> Int {
      shared(a, b) + shared(a.reversed(), b.reversed())
    }

    /// How many bytes two texts begin with in common, up to 10,000.
    private static func shared(_ a: some Sequence<UInt8>, _ b: some Sequence<UInt8>) -> Int {
      var count = 0
      for (x, y) in zip(a, b) {
        guard x == y, count < 10_000 else { break }
        count += 1
      }
      return count
    }
  }
}
