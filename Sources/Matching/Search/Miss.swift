internal import Cassettes

/// Says of a request that nothing matched what was nearest, what differed, and how to record it.
package struct Miss {
  /// What the journal says of it, or nil where the deck serves nothing at all.
  package let detail: MissDetail?

  private let asked: String
  private let nearest: RequestLine?
  private let isUsedUp: Bool

  /// How many differences one sentence names.
  private static let namedLimit = 3

  /// Finds what is nearest to a request.
  ///
  /// - Parameters:
  ///   - library: the library.
  ///   - request: what was asked.
  ///   - scope: what there was to choose from; where that is nothing, the nearest of all is named.
  ///   - isUsedUp: whether there were candidates, which the session has played.
  package init(
    library: Library, request: ComparableRequest, in scope: Matcher.Scope = .all, isUsedUp: Bool
  ) {
    asked = "no exchange matches \(request.line.method) \(request.line.target)"
    self.isUsedUp = isUsedUp
    let entries = Self.entries(for: request.line, in: scope, of: library)
    guard let found = Nearest(to: request, among: entries, comparing: library.comparison) else {
      nearest = nil
      detail =
        library.entryCount == 0
        ? nil : MissDetail(nearest: nil, command: RecordingCommand(of: request).text)
      return
    }
    nearest = found.entry.request.line
    detail = MissDetail(found, command: RecordingCommand(of: request, like: found.entry).text)
  }

  /// Whether what is nearest is found at once: there is next to nothing to search.
  package static func isBrief(_ request: ComparableRequest, among library: Library) -> Bool {
    guard library.entryCount <= 8 else { return false }
    let bytes = library.entries.reduce(request.body.bytes.count) {
      $0 + $1.request.body.bytes.count
    }
    return bytes <= ComparableRequest.lightBytes
  }

  /// What is searched, that of the same line first: there may be more than can be looked at.
  private static func entries(
    for line: RequestLine, in scope: Matcher.Scope, of library: Library
  ) -> [Library.Entry] {
    if case .cassette(let cassette) = scope, !cassette.entries.isEmpty { return cassette.entries }
    let same = library.entries(for: line)
    return same + library.entries.lazy.filter { $0.request.line != line }
  }

  /// One sentence for the answer and the log.
  package var message: String {
    guard let detail else { return "\(asked): the deck serves no exchange at all" }
    let command = detail.command.map { "; record it with: \($0)" } ?? ""
    guard let nearest, let name = detail.nearest else {
      return "\(asked): nothing of the same API is recorded\(command)"
    }
    let hint = detail.suggestion.map { "; \($0) would match" } ?? ""
    return
      "\(asked): nearest is exchange \(name.number) of cassette "
      + "\(name.cassette) (\(nearest.method) \(nearest.target)), where \(differences(detail))"
      + hint + command
  }

  private func differences(_ detail: MissDetail) -> String {
    if isUsedUp { return "each exchange of this path has already been played in this session" }
    let named = detail.differences.prefix(Self.namedLimit).map(\.words)
    let more = detail.more + detail.differences.count - named.count
    if named.isEmpty { return "nothing differs, but it could not be chosen at that time" }
    return named.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}

/// The command that records what is missing.
struct RecordingCommand {
  /// The command, as a shell takes it whatever a client put into its path.
  let text: String

  /// - Parameters:
  ///   - request: what was asked.
  ///   - entry: a recording that stands where the new one shall stand.
  init(of request: ComparableRequest, like entry: Library.Entry) {
    let base = Self.base(of: entry.exchange.request)
    let file = Self.quoted(entry.path)
    // A body is the client's to make: it is asked once more, with the upstream behind the deck.
    text =
      request.body.bytes.isEmpty
      ? "tapedeck record \(Self.quoted(base + request.line.target)) -X \(request.line.method)"
        + " --append -o \(file)"
      : "tapedeck serve \(file) --mode auto --upstream \(Self.quoted(base)) --record-to \(file)"
  }

  /// - Parameter request: what was asked, of an API of which nothing is recorded.
  init(of request: ComparableRequest) {
    let upstream = RequestAPI(request).origin ?? "https://HOST"
    text =
      "tapedeck serve --mode auto --upstream \(Self.quoted(upstream)) --record-to 'new.tape'"
  }

  /// The URL in front of the path that the client asks for.
  private static func base(of request: RecordedRequest) -> String {
    guard let url = request.url else { return "https://HOST" }
    let path = request.target.prefix { $0 != "?" }
    let asked = url.prefix { $0 != "?" && $0 != "#" }
    if path != "/", asked.hasSuffix(path) { return String(asked.dropLast(path.count)) }
    let origin = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    return origin.count >= 3 ? origin[0...2].joined(separator: "/") : "https://HOST"
  }

  private static func quoted(_ word: String) -> String {
    "'\(word.replacing("'", with: "'\\''"))'"
  }
}
