internal import EventStream
internal import HTTP
internal import LosslessJSON

/// Finds the secrets that redaction would have covered, and those that only show when deltas are
/// joined.
package struct SecretScanner: Sendable {
  /// One secret in bytes.
  package struct Match: Hashable, Sendable {
    /// What kind of secret it is.
    package var kind: SecretKind

    /// Where it stands in the bytes.
    package var range: Range<Int>
  }

  /// Creates a scanner.
  package init() {}

  /// Finds what has the shape of a key in bytes.
  ///
  /// - Parameter bytes: A whole body or text.
  /// - Returns: The secrets in order; empty once the bytes are redacted.
  package func matches(in bytes: [UInt8]) -> [Match] {
    var search = SecretSearch()
    var matches: [Match] = []
    while let found = search.next(in: bytes, isFinal: true) {
      guard !found.goesOn else { continue }
      matches.append(Match(kind: found.kind, range: found.range))
    }
    return matches
  }

  /// Finds the secrets of an answer's body that are not redacted, those among them that only join
  /// across its events or lines.
  package func findings(in answer: AnswerBody) -> [SecretFinding] {
    guard answer.isEventStream else {
      return findings(in: answer.bytes, place: "response body") + findings(inLinesOf: answer.bytes)
    }
    let found = matches(in: answer.bytes)
    let events = answer.events
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

  /// The largest body in which text is joined while it is recorded; `findings` takes any.
  package static let joinedLimitBytes = 4 << 20

  /// Finds the secrets that no chunk shows: text that only joins across the events of a stream.
  ///
  /// - Parameter answer: The answer's body.
  /// - Returns: The findings; none where the answer is neither an event stream nor lines of JSON,
  ///   or has more than 4 MiB.
  package func joinedFindings(in answer: AnswerBody) -> [SecretFinding] {
    guard answer.bytes.count <= Self.joinedLimitBytes else { return [] }
    guard answer.isEventStream else { return findings(inLinesOf: answer.bytes) }
    var deltas = JoinedDeltas()
    for (index, event) in answer.events.enumerated() {
      deltas.add(event.data, ofEvent: index + 1)
    }
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

  /// Finds what authenticates in the value of a field and is not redacted.
  package func findings(
    inValue value: String, ofField name: String, place: String
  ) -> [SecretFinding] {
    let place = "\(place) \(name.lowercased())"
    if CredentialHeader.holdsURL(name) { return findings(inURL: value, place: place) }
    let value = Latin1.bytes(of: value) ?? Array(value.utf8)
    guard let start = CredentialHeader.secretStart(in: value, of: name) else {
      return matches(in: value).map { SecretFinding($0.kind, in: place) }
    }
    let isOpen = value[start...].contains { $0 != UInt8(ascii: "*") }
    return isOpen ? [SecretFinding(.credentialHeader, in: place)] : []
  }

  /// Finds what authenticates in a URL or a request target and is not redacted.
  package func findings(inURL url: String, place: String) -> [SecretFinding] {
    let bytes = Array(url.utf8)
    let user = bytes[Redactor.userInformation(in: bytes)]
    let isOpen = user.contains { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: ":") }
    let parameters = CredentialParameter.unredacted(
      in: bytes, from: CredentialParameter.startOfQuery(bytes))
    return (isOpen ? [SecretFinding(.userInformation, in: place)] : [])
      + parameters.map { SecretFinding(.credentialParameter, in: "\(place), parameter \($0)") }
      + matches(in: bytes).filter { ![.credentialParameter, .userInformation].contains($0.kind) }
      .map { SecretFinding($0.kind, in: place) }
  }

  /// Finds the secrets of a body, by the byte at which each stands.
  package func findings(in body: [UInt8], place: String) -> [SecretFinding] {
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

/// The body of an answer, and how it is read.
package struct AnswerBody {
  /// All of it.
  package var bytes: [UInt8]
  /// Whether it is an event stream.
  package var isEventStream: Bool
  /// The ends of the chunks in which it came.
  package var chunkEnds: [Int]

  /// Creates a body.
  package init(_ bytes: [UInt8], isEventStream: Bool, chunkEnds: [Int]) {
    self.bytes = bytes
    self.isEventStream = isEventStream
    self.chunkEnds = chunkEnds
  }

  fileprivate var events: [ServerSentEvent] {
    EventIndex(body: bytes, chunkEnds: chunkEnds).events
  }
}

/// The strings of a JSON text as a client gets them, where escapes in the text may hide what they
/// hold.
///
/// Without a backslash a text has no escapes, and its bytes show all that its strings hold.
struct EscapedStrings {
  /// The strings and keys that are no signature or encrypted content, in order.
  private(set) var strings: [[UInt8]] = []

  /// Reads a text; one that is no JSON, or has no escapes, has none.
  init(json: some Collection<UInt8>) {
    guard json.contains(UInt8(ascii: "\\")), let value = try? JSONValue(parsing: Array(json)) else {
      return
    }
    add(value)
  }

  private mutating func add(_ value: JSONValue) {
    switch value {
    case .string(let bytes): strings.append(bytes)
    case .array(let values):
      for value in values { add(value) }
    case .object(let members):
      let opaque = JSONOpacity.keys(of: value)
      for member in members {
        strings.append(member.key)
        if !opaque.contains(member.key) { add(member.value) }
      }
    case .null, .bool, .number: break
    }
  }
}

/// A secret that stands unredacted in an exchange; it never holds the secret itself.
package struct SecretFinding: Hashable, Sendable, CustomStringConvertible {
  /// What kind of secret it is.
  package var kind: SecretKind

  /// Where it stands, such as `response body, event 3` or `request header x-api-key`.
  package var place: String

  /// Creates a finding from its parts.
  package init(_ kind: SecretKind, in place: String) {
    self.kind = kind
    self.place = place
  }

  /// The finding as one phrase.
  package var description: String { "\(place): what looks like \(kind.words) is not redacted" }
}
