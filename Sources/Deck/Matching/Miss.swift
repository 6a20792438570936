internal import Cassettes
internal import JSON

/// Says of a request that nothing matched what was nearest, what differed, and how to record it.
struct Miss {
  let library: Library
  let request: ComparableRequest

  /// Whether there were candidates, which the session has played.
  let isUsedUp: Bool

  /// How many entries are looked at for the nearest one.
  private static let searchLimit = 1_000

  /// One sentence for the answer and the log.
  var message: String {
    let asked = "no exchange matches \(request.line.method) \(request.line.target)"
    guard let entry = nearest else { return "\(asked): the deck serves no exchange at all" }
    return
      "\(asked): nearest is exchange \(entry.number) of cassette \(entry.cassette) "
      + "(\(entry.request.line.method) \(entry.request.line.target)), where \(difference(from: entry));"
      + " record it with: \(command(like: entry))"
  }

  /// The entry that shares most with the request: path, then method, then query, then most of the path.
  private var nearest: Library.Entry? {
    // Of equals the first.
    library.entries.prefix(Self.searchLimit).enumerated()
      .map { (score: score($1), place: -$0, entry: $1) }
      .max { ($0.score, $0.place) < ($1.score, $1.place) }?.entry
  }

  private func score(_ entry: Library.Entry) -> Int {
    let line = entry.request.line
    let shared = Self.shared(line.path.utf8, request.line.path.utf8)
    return (line.path == request.line.path ? 1_000_000 : 0)
      + (line.method == request.line.method ? 500_000 : 0)
      + (line.target == request.line.target ? 250_000 + likeness(of: entry) : 0)
      + shared
  }

  /// How much of the body is the same from both ends, up to 20,000 bytes.
  private func likeness(of entry: Library.Entry) -> Int {
    let mine = request.body.bytes
    let theirs = entry.request.body.bytes
    return Self.shared(mine, theirs) + Self.shared(mine.reversed(), theirs.reversed())
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

  private func difference(from entry: Library.Entry) -> String {
    let line = entry.request.line
    if line.path != request.line.path { return "the path differs" }
    if line.method != request.line.method { return "the method differs" }
    if line.target != request.line.target { return "the query differs" }
    let mine = request.body
    let theirs = entry.request.body
    if isUsedUp { return "each exchange of this path was played once in this session" }
    guard mine.isJSON, theirs.isJSON, let a = try? JSONValue(parsing: mine.bytes),
      let b = try? JSONValue(parsing: theirs.bytes), let pointer = a.firstDifference(from: b)
    else { return "the body differs" }
    return "the body differs at \(pointer.isEmpty ? "its top" : pointer)"
  }

  /// A word as a shell takes it, whatever a client put into its path.
  private static func quoted(_ word: String) -> String {
    "'\(word.replacing("'", with: "'\\''"))'"
  }

  private func command(like entry: Library.Entry) -> String {
    let origin = (entry.exchange.request.url ?? "").split(
      separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    let base = origin.count >= 3 ? origin[0...2].joined(separator: "/") : "https://HOST"
    let body = request.body.bytes.isEmpty ? "" : " -d @request.json"
    return "tapedeck record \(Self.quoted(base + request.line.target)) -X \(request.line.method)"
      + "\(body) --append -o \(Self.quoted(entry.path))"
  }
}
