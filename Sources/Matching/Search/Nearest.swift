/// The recording that is most like a request which nothing matches, and how they differ.
package struct Nearest {
  /// The recording.
  package let entry: Library.Entry

  /// In what the request differs from it.
  package let differences: Differences

  /// What would have to be normalized for the two to be equal, or nil where that does not do it.
  let hint: String?

  /// How many entries are looked at.
  private static let searchLimit = 1_000

  /// How many of them have their bodies compared as JSON, and how many bytes of bodies in all.
  private static let comparedLimit = 8
  private static let comparedBytes = 1 << 20

  /// Finds it: what differs in the fewest fields, the body's among them, and of equals the first.
  ///
  /// What belongs to another API is never the nearest, and neither is what was asked of an upstream
  /// that was not there. The work is bounded: all entries are compared by method, path, query and
  /// fields, and the most promising ones by their bodies too.
  package init?(
    to request: ComparableRequest, among entries: [Library.Entry], comparing comparison: Comparison
  ) {
    let names = comparison.headers
    let api = RequestAPI(request)
    let candidates = entries.prefix(Self.searchLimit).enumerated().filter { _, entry in
      !entry.exchange.isUnconnected
        && (entry.request.line == request.line || api.mayBe(RequestAPI(entry.request)))
    }.map { place, entry in
      Candidate(entry, Differences(entry.request, request, headers: names), request, place)
    }
    var best: (entry: Library.Entry, differences: Differences)?
    var bytes = 0
    for candidate in candidates.sorted(by: <).prefix(Self.comparedLimit) {
      // Where the path or the method is another, the body says nothing.
      guard candidate.isSameResource else {
        best = best ?? (candidate.entry, candidate.differences)
        break
      }
      bytes += candidate.entry.request.body.bytes.count + request.body.bytes.count
      var differences = candidate.differences
      if best != nil, bytes > Self.comparedBytes { break }
      differences.addBody(
        candidate.entry.request.body, request.body, isDeep: bytes <= Self.comparedBytes)
      if best.map({ differences.count < $0.differences.count }) ?? true {
        best = (candidate.entry, differences)
      }
    }
    guard let best else { return nil }
    self.init(best.entry, best.differences, request, comparison)
  }

  /// Compares a request with the recording that it was answered with.
  package init(
    _ entry: Library.Entry, to request: ComparableRequest, comparing comparison: Comparison
  ) {
    var differences = Differences(entry.request, request, headers: comparison.headers)
    differences.addBody(
      entry.request.body, request.body, isDeep: Self.isComparable(entry.request, request))
    self.init(entry, differences, request, comparison)
  }

  private init(
    _ entry: Library.Entry, _ differences: Differences, _ request: ComparableRequest,
    _ comparison: Comparison
  ) {
    self.entry = entry
    self.differences = differences
    hint =
      Self.isComparable(entry.request, request)
      ? NormalizationHint.find(
        recorded: entry.request, asked: request, beside: comparison.normalizer) : nil
  }

  private static func isComparable(_ a: ComparableRequest, _ b: ComparableRequest) -> Bool {
    // A short request is answered at once, so what it is compared with is short too.
    let limit =
      b.body.bytes.count <= ComparableRequest.lightBytes
      ? ComparableRequest.lightBytes * 4 : comparedBytes
    return a.body.bytes.count + b.body.bytes.count <= limit
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
      let path = mine.path == theirs.path ? 0 : 1 + Self.distance(mine.path, theirs.path)
      let method = mine.method == theirs.method ? 0 : 1
      isSameResource = path == 0 && method == 0
      let likeness =
        isSameResource ? Self.likeness(of: entry.request.body.bytes, request.body.bytes) : 0
      rank = (path, method, differences.count, -likeness, place)
    }

    static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    /// How unlike two paths are: the segments that neither their beginnings nor their ends share,
    /// and below that the bytes behind their common beginning.
    ///
    /// A base URL that was joined wrongly lacks a segment in front, or has one twice.
    private static func distance(_ recorded: Substring, _ asked: Substring) -> Int {
      let (a, b) = (recorded.split(separator: "/"), asked.split(separator: "/"))
      let front = zip(a, b).prefix { $0 == $1 }.count
      let back = zip(a.dropFirst(front).reversed(), b.dropFirst(front).reversed())
        .prefix { $0 == $1 }.count
      let bytes = asked.utf8.count - shared(recorded.utf8, asked.utf8)
      return (max(a.count, b.count) - front - back) * (1 << 20) + bytes
    }

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
