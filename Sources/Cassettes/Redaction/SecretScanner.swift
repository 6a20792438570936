internal import EventStream
internal import HTTP

/// Finds the secrets that redaction would have covered, and those that only show when deltas are
/// joined.
public struct SecretScanner: Sendable {
  /// One secret in bytes.
  public struct Match: Hashable, Sendable {
    /// What kind of secret it is.
    public var kind: SecretKind

    /// Where it stands in the bytes.
    public var range: Range<Int>
  }

  /// Creates a scanner.
  public init() {}

  /// Finds what has the shape of a key in bytes.
  ///
  /// - Parameter bytes: A whole body or text.
  /// - Returns: The secrets in order; empty once the bytes are redacted.
  public func matches(in bytes: [UInt8]) -> [Match] {
    var search = SecretSearch()
    var matches: [Match] = []
    while let found = search.next(in: bytes, isFinal: true) {
      guard !found.goesOn else { continue }
      matches.append(Match(kind: found.kind, range: found.range))
    }
    return matches
  }

  /// Finds the secrets of an exchange that are not redacted.
  ///
  /// - Parameter exchange: The exchange, as it was read.
  /// - Returns: The findings, each once: request before answer, fields before body.
  public func findings(in exchange: Exchange) -> [SecretFinding] {
    var findings: [SecretFinding] = []
    let request = exchange.request
    if let url = request.url { findings += self.findings(inURL: url, place: "request URL") }
    if let path = request.path { findings += self.findings(inURL: path, place: "request path") }
    findings += self.findings(in: request.headers, place: "request header")
    findings += self.findings(in: request.body, place: "request body")
    findings += self.findings(in: exchange.head?.headers ?? [], place: "response header")
    findings += self.findings(inBodyOf: exchange)
    findings += self.findings(in: exchange.trailers?.fields ?? [], place: "trailer")
    var seen: Set<SecretFinding> = []
    return findings.filter { seen.insert($0).inserted }
  }

  /// The largest body in which text is joined while it is recorded; `findings` takes any.
  static let joinedLimitBytes = 4 << 20

  /// Finds the secrets that no chunk shows: text that only joins across the events of a stream.
  ///
  /// They cannot be covered while they are recorded, so that whoever records should be told.
  ///
  /// - Parameter exchange: The exchange, as it was recorded.
  /// - Returns: The findings; none where the answer is neither an event stream nor lines of JSON,
  ///   or has more than 4 MiB.
  public func joinedFindings(in exchange: Exchange) -> [SecretFinding] {
    guard exchange.body.count <= Self.joinedLimitBytes else { return [] }
    guard exchange.isEventStream else { return findings(inLinesOf: exchange.body) }
    let events = EventIndex(body: exchange.body, chunkEnds: exchange.chunks.map(\.end)).events
    var deltas = JoinedDeltas()
    for (index, event) in events.enumerated() { deltas.add(event.data, ofEvent: index + 1) }
    return findings(inJoined: deltas, of: "events")
  }

  /// What joins across the lines of a body that are JSON, as in the streams of Ollama.
  private func findings(inLinesOf body: [UInt8]) -> [SecretFinding] {
    guard body.first == UInt8(ascii: "{"), body.dropLast().contains(0x0A) else { return [] }
    var deltas = JoinedDeltas()
    for (index, line) in body.split(separator: 0x0A).enumerated() {
      deltas.add(String(decoding: line, as: UTF8.self), ofEvent: index + 1)
    }
    return findings(inJoined: deltas, of: "lines")
  }

  private func findings(in fields: [HeaderField], place: String) -> [SecretFinding] {
    fields.flatMap { field in
      let place = "\(place) \(field.name.lowercased())"
      if CredentialHeader.holdsURL(field) { return findings(inURL: field.value, place: place) }
      let value = Latin1.bytes(of: field.value) ?? Array(field.value.utf8)
      guard let start = CredentialHeader.secretStart(in: value, of: field.name) else {
        return matches(in: value).map { SecretFinding($0.kind, in: place) }
      }
      let isOpen = value[start...].contains { $0 != UInt8(ascii: "*") }
      return isOpen ? [SecretFinding(.credentialHeader, in: place)] : []
    }
  }

  private func findings(inURL url: String, place: String) -> [SecretFinding] {
    let bytes = Array(url.utf8)
    let user = bytes[Redaction.userInformation(in: bytes)]
    let isOpen = user.contains { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: ":") }
    let parameters = CredentialParameter.unredacted(
      in: bytes, from: CredentialParameter.startOfQuery(bytes))
    return (isOpen ? [SecretFinding(.userInformation, in: place)] : [])
      + parameters.map { SecretFinding(.credentialParameter, in: "\(place), parameter \($0)") }
      + matches(in: bytes).filter { ![.credentialParameter, .userInformation].contains($0.kind) }
      .map { SecretFinding($0.kind, in: place) }
  }

  private func findings(inBodyOf exchange: Exchange) -> [SecretFinding] {
    guard exchange.isEventStream else {
      return findings(in: exchange.body, place: "response body")
        + findings(inLinesOf: exchange.body)
    }
    let found = matches(in: exchange.body)
    let events = EventIndex(body: exchange.body, chunkEnds: exchange.chunks.map(\.end)).events
    var number = 0
    let direct = found.map { match in
      while number < events.count, events[number].block.upperBound <= match.range.lowerBound {
        number += 1
      }
      return SecretFinding(match.kind, in: "response body, event \(number + 1)")
    }
    var deltas = JoinedDeltas()
    var escaped: [SecretFinding] = []
    for (index, event) in events.enumerated() {
      deltas.add(event.data, ofEvent: index + 1)
      escaped += escapedMatches(in: Array(event.data.utf8)).map {
        SecretFinding($0, in: "response body, event \(index + 1)")
      }
    }
    return direct + escaped + findings(inJoined: deltas, of: "events")
  }

  private func findings(in body: [UInt8], place: String) -> [SecretFinding] {
    matches(in: body).map { SecretFinding($0.kind, in: "\(place), byte \($0.range.lowerBound)") }
      + escapedMatches(in: body).map { SecretFinding($0, in: "\(place), a string with escapes") }
  }

  /// The kinds of the secrets in the strings of a JSON text that its bytes do not show.
  private func escapedMatches(in json: [UInt8]) -> [SecretKind] {
    let strings = EscapedStrings(json: json).strings
    guard !strings.isEmpty else { return [] }
    let shown = Set(matches(in: json).map { Array(json[$0.range]) })
    return strings.flatMap { string in
      matches(in: string).filter { !shown.contains(Array(string[$0.range])) }.map(\.kind)
    }
  }

  /// Only what spans events or lines is new here: the rest was found in the body.
  private func findings(inJoined deltas: JoinedDeltas, of units: String) -> [SecretFinding] {
    deltas.texts.flatMap { text in
      matches(in: text.bytes).compactMap { match in
        let events = text.events(of: match.range)
        guard events.lowerBound < events.upperBound else { return nil }
        return SecretFinding(
          match.kind,
          in: "response body, \(units) \(events.lowerBound) to \(events.upperBound) joined, "
            + text.path)
      }
    }
  }
}
