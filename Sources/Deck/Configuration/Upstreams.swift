internal import Cassettes
public import Planning
internal import Recorder
internal import Redaction

/// Where requests are forwarded to, by the beginning of their path.
public struct Upstreams: Hashable, Sendable {
  private struct Route: Hashable, Sendable {
    /// What a path begins with, "" for any.
    var prefix: String
    /// The origin and the path in front, without a slash at the end.
    var base: String
    /// The path that is part of `base`, "" where there is none.
    var basePath: String
  }

  /// The longest prefix first.
  private var routes: [Route] = []

  /// Creates a table without a route.
  public init() {}

  /// Whether nothing is forwarded anywhere.
  public var isEmpty: Bool { routes.isEmpty }

  /// Adds a route from its written form: `URL` for every path, or `/PREFIX=URL`.
  ///
  /// - Parameter text: The URL is absolute, http or https, without query and fragment; its path is
  ///   put in front of the client's, as of a base URL.
  /// - Throws: What is wrong with it, or that the prefix has a route already.
  public mutating func add(parsing text: String) throws(DirectiveError) {
    var prefix = ""
    var url = text[...]
    if text.hasPrefix("/") {
      guard let equals = text.firstIndex(of: "=") else {
        // Where in it a password may stand cannot be told.
        throw DirectiveError(
          "--upstream begins with a slash and has no =: write /PREFIX=URL, or a URL for every path")
      }
      prefix = Self.withoutSlashes(text[..<equals])
      url = text[text.index(after: equals)...]
    }
    let route = try Self.route(prefix, url)
    guard !routes.contains(where: { $0.prefix == prefix }) else {
      let which = prefix.isEmpty ? "every other path" : prefix
      throw DirectiveError(
        "\(Self.shown(url, below: prefix)): there is an upstream for \(which) already")
    }
    let place = routes.firstIndex { $0.prefix.utf8.count < prefix.utf8.count } ?? routes.endIndex
    routes.insert(route, at: place)
  }

  /// The URL to ask for a request target in origin form, or nil where no route is for it.
  ///
  /// A path of the base URL that the client's begins with already is not put in front once more:
  /// clients differ in whether `/v1` belongs to their base URL.
  public func url(for target: String) -> String? {
    guard let route = routes.first(where: { Self.begins(target, with: $0.prefix) }) else {
      return nil
    }
    let isInBase = Self.begins(target, with: route.basePath)
    return route.base + (isInBase ? target.dropFirst(route.basePath.count) : target[...])
  }

  /// Whether a target's leading segments are those of a prefix.
  private static func begins(_ target: String, with prefix: String) -> Bool {
    guard target.utf8.starts(with: prefix.utf8) else { return false }
    guard let next = target.utf8.dropFirst(prefix.utf8.count).first else { return true }
    return prefix.isEmpty || "/?".utf8.contains(next)
  }

  private static func route(
    _ prefix: String, _ url: Substring
  ) throws(DirectiveError) -> Route {
    let shown = Self.shown(url, below: prefix)
    guard let scheme = url.firstRange(of: "://"),
      ["http", "https"].contains(url[..<scheme.lowerBound].lowercased())
    else {
      let advice = SchemeAdvice.advice(on: Redactor.redact(url: String(url)))
      throw DirectiveError("\(shown) \(advice)")
    }
    let rest = url[scheme.upperBound...]
    guard !rest.isEmpty, rest.first != "/", !rest.contains(where: { "?# ".contains($0) }),
      rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw DirectiveError(
        "\(shown): give scheme, host and path only, such as https://api.example.com/base")
    }
    do throws(RecordingError) {
      try RecordingRequest(url: String(url)).validate()
    } catch {
      throw DirectiveError("\(shown): \(error.reason)")
    }
    let authority = rest.prefix { $0 != "/" }
    let path = withoutSlashes(rest[authority.endIndex...])
    return Route(
      prefix: prefix, base: String(url[..<authority.endIndex]) + path, basePath: path)
  }

  /// The option as an error shows it: without the password that a URL may hold.
  private static func shown(_ url: Substring, below prefix: String) -> String {
    "--upstream \(prefix.isEmpty ? "" : prefix + "=")\(Redactor.redact(url: String(url)))"
  }

  private static func withoutSlashes(_ path: Substring) -> String {
    var path = path
    while path.last == "/" { path.removeLast() }
    return String(path)
  }
}
