internal import Cassettes

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
    guard let nearest else { return "\(asked): the deck serves no exchange at all" }
    let entry = library.entries[nearest]
    return
      "\(asked): nearest is exchange \(entry.number) of cassette \(entry.cassette) "
      + "(\(entry.request.line.method) \(entry.request.line.target)), where \(difference(from: entry));"
      + " record it with: \(command(like: entry))"
  }

  /// The entry that shares most with the request: path, then method, then query, then most of the path.
  private var nearest: Int? {
    // Of equals the first: `max` would give the last.
    library.entries.indices.prefix(Self.searchLimit).reversed().max { score($0) < score($1) }
  }

  private func score(_ index: Int) -> Int {
    let line = library.entries[index].request.line
    let shared = zip(line.path.utf8, request.line.path.utf8).prefix { $0 == $1 }.count
    return (line.path == request.line.path ? 1_000_000 : 0)
      + (line.method == request.line.method ? 500_000 : 0)
      + (line.target == request.line.target ? 250_000 + likeness(of: index) : 0)
      + min(shared, 10_000)
  }

  /// How much of the body is the same from both ends, up to 100,000 bytes.
  private func likeness(of index: Int) -> Int {
    let mine = request.body.bytes
    let theirs = library.entries[index].request.body.bytes
    let head = zip(mine, theirs).prefix { $0 == $1 }.count
    let tail = zip(mine.reversed(), theirs.reversed()).prefix { $0 == $1 }.count
    return min(head + tail, 100_000)
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
