/// A request target, taken apart into the deck's directives and what the client asked.
///
/// ```
/// /~session=t1/~fault=reset@event:12,on=1/~pace=gap:20ms/v1/messages?beta=true
/// └─────────────────── prefix ──────────────────────────┘└────── target ─────┘
/// ```
package struct RequestTarget: Hashable, Sendable {
  /// What the leading segments that start with `~` say.
  package var directives: Directives

  /// Those segments as the client wrote them, with the slash before each, or "".
  package var prefix: String

  /// What is left, in origin form, "/" at the least.
  package var target: String

  /// Whether the first segment is `~` alone, which is the deck's own.
  package var isControl: Bool

  /// Takes a target apart, without looking for directives where `readsDirectives` is false.
  ///
  /// - Parameters:
  ///   - text: the target in origin form or absolute form. (RFC 9112, 3.2)
  ///   - readsDirectives: whether segments that start with `~` are the deck's.
  /// - Throws: where the target is not ASCII, a directive does not parse, or a `~key=` segment
  ///   stands anywhere but in front.
  package init(parsing text: String, readsDirectives: Bool = true) throws(DirectiveError) {
    // Behind this check a character is a byte, but for CR LF, which no request line can hold.
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw DirectiveError("the request target is not ASCII: percent-encode it (RFC 3986, 2.1)")
    }
    directives = Directives()
    prefix = ""
    isControl = false
    var rest = Self.originForm(of: text)
    guard readsDirectives else {
      target = String(rest)
      return
    }
    var number = 0
    while let segment = Self.firstSegment(of: rest), let body = Self.afterTilde(segment) {
      if body.isEmpty {
        isControl = number == 0
        break
      }
      number += 1
      do { try directives.set(body) } catch { throw error.at("path segment \(number)") }
      let end = rest.index(after: rest.startIndex)
      rest = rest[rest.index(end, offsetBy: segment.count)...]
      prefix += "/\(segment)"
    }
    target = rest.first == "/" ? String(rest) : "/" + rest
    guard !isControl else { return }
    try Self.refuseBare(Self.firstSegment(of: rest) ?? "", number: number + 1)
    try Self.refuseMisplaced(in: rest, after: number)
  }

  /// Whom a target in absolute form names, without user and password, or nil where it has another
  /// form.
  package static func authority(of text: String) -> String? {
    guard !text.hasPrefix("/"), let scheme = text.firstRange(of: "://") else { return nil }
    let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
    return String(host ?? authority)
  }

  /// The session that the directives in front of a target name, though others of them do not parse.
  package static func session(in text: String) -> String? {
    var rest = originForm(of: text)
    while let segment = firstSegment(of: rest), let body = afterTilde(segment), !body.isEmpty {
      var directives = Directives()
      if body.hasPrefix("session="), (try? directives.set(body)) != nil {
        return directives.session
      }
      rest = rest.dropFirst(segment.count + 1)
    }
    return nil
  }

  /// What a target asks for once all that may be meant as a directive is taken out of its path,
  /// whether or not it parses and wherever it stands.
  package static func withoutDirectives(_ text: String) -> String {
    let rest = originForm(of: text)
    let path = rest.prefix { $0 != "?" }
    var segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    segments = segments.drop { afterTilde($0) != nil }
    let asked = segments.filter { !isDirective(afterTilde($0) ?? $0) }
    return "/" + asked.joined(separator: "/") + rest[path.endIndex...]
  }

  /// The path and query, whichever form the target came in.
  private static func originForm(of text: String) -> Substring {
    guard !text.hasPrefix("/"), let scheme = text.range(ofASCII: "://") else { return text[...] }
    let authority = text[scheme.upperBound...]
    guard let path = authority.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
    return authority[path...]
  }

  /// The segment between the first slash and the next one, or nil where `path` starts with none.
  private static func firstSegment(of path: Substring) -> Substring? {
    guard path.first == "/" else { return nil }
    return path.dropFirst().prefix { $0 != "/" && $0 != "?" }
  }

  /// What follows a leading `~` or `%7E`, or nil where the segment starts with neither.
  private static func afterTilde(_ segment: Substring) -> Substring? {
    if segment.hasPrefix("~") { return segment.dropFirst() }
    if segment.hasPrefix("%7E") || segment.hasPrefix("%7e") { return segment.dropFirst(3) }
    return nil
  }

  /// Whether a segment reads `key=value`, with a directive's key in any case.
  private static func isDirective(_ text: Substring) -> Bool {
    guard let equals = text.firstIndex(of: "=") else { return false }
    return Directives.Key(rawValue: text[..<equals].lowercased()) != nil
  }

  /// Refuses a directive that stands in front without its `~`: it would pass for a part of the
  /// path.
  private static func refuseBare(_ segment: Substring, number: Int) throws(DirectiveError) {
    guard isDirective(segment) else { return }
    var error = DirectiveError(
      "'\(segment)' is a directive without its ~; did you mean '/~\(segment)'?",
      place: "path segment \(number)")
    error.correction = .init(found: String(segment), meant: lowercasingKey(of: segment))
    throw error
  }

  private static func lowercasingKey(of text: Substring) -> String {
    let key = text.prefix { $0 != "=" }
    return key.lowercased() + text[key.endIndex...]
  }

  /// Refuses what a client sends that joined its base URL wrongly.
  private static func refuseMisplaced(
    in target: Substring, after number: Int
  ) throws(DirectiveError) {
    let path = target.prefix { $0 != "?" }
    for (index, segment) in path.split(separator: "/").enumerated() {
      guard let body = afterTilde(segment), isDirective(body) else { continue }
      var error = DirectiveError(
        "'\(segment)' is a directive after the path: directives come first, "
          + "as in http://HOST:PORT/\(segment)/v1/...",
        place: "path segment \(number + index + 1)")
      error.correction = .init(found: String(body), meant: lowercasingKey(of: body))
      throw error
    }
  }

  /// The path of a target with what an error says was meant in place of what was written, in front;
  /// nil where the error does not say that, or what was written is not there.
  package static func corrected(_ text: String, by error: DirectiveError) -> String? {
    let path = originForm(of: text).prefix { $0 != "?" }
    guard let correction = error.correction, text.utf8.count <= correctedBytes else { return nil }
    var segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard let place = segments.firstIndex(where: { (afterTilde($0) ?? $0) == correction.found })
    else { return nil }
    let front = segments.firstIndex { afterTilde($0) == nil } ?? segments.endIndex
    segments.remove(at: place)
    segments.insert("~\(correction.meant)"[...], at: min(place, front))
    return "/" + segments.joined(separator: "/")
  }

  /// The longest target that is shown corrected.
  private static let correctedBytes = 500
}

extension Directives {
  /// The request header that carries directives.
  public static let headerName = "tapedeck"

  /// Parses the request header's value: directives joined by `;`.
  public init(header value: String) throws(DirectiveError) {
    self.init()
    for (index, part) in value.split(separator: ";").enumerated() {
      let text = part.trimmingSpaces()
      guard !text.isEmpty else { continue }
      do { try set(text) } catch { throw error.at("header tapedeck, directive \(index + 1)") }
    }
  }
}

extension StringProtocol {
  /// The text without the spaces and tabs around it.
  fileprivate func trimmingSpaces() -> SubSequence {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    let start = drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return start }
    return start[...last]
  }

  /// The range of an ASCII text's first occurrence, found by its bytes.
  fileprivate func range(ofASCII needle: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].utf8.starts(with: needle.utf8) {
        return start..<utf8.index(start, offsetBy: needle.utf8.count)
      }
      start = utf8.index(after: start)
    }
    return nil
  }
}
