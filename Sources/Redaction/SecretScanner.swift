internal import EventStream
internal import HTTP

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
  /// across its events, lines or elements.
  package func findings(in answer: AnswerBody) -> [SecretFinding] {
    let direct = matches(in: answer.bytes)
    let hidden = hiddenFindings(in: answer)
    guard answer.isEventStream else {
      return direct.map {
        SecretFinding($0.kind, in: "response body, byte \($0.range.lowerBound)")
      } + hidden
    }
    guard !direct.isEmpty else { return hidden }
    let events = answer.events
    var number = 0
    return direct.map { match in
      while number < events.count, events[number].block.upperBound <= match.range.lowerBound {
        number += 1
      }
      return SecretFinding(match.kind, in: "response body, event \(number + 1)")
    } + hidden
  }

  /// The largest body in which text is joined while it is recorded; `findings` takes any.
  package static let joinedLimitBytes = 4 << 20

  /// Finds the secrets that no chunk shows: text that only joins across the events of a stream, or
  /// that escapes hide.
  ///
  /// - Parameter answer: The answer's body.
  /// - Returns: The findings; none where the answer has more than 4 MiB.
  package func joinedFindings(in answer: AnswerBody) -> [SecretFinding] {
    guard answer.bytes.count <= Self.joinedLimitBytes else { return [] }
    return hiddenFindings(in: answer)
  }

  /// What the bytes of an answer show is found there, and is none of these.
  private func hiddenFindings(in answer: AnswerBody) -> [SecretFinding] {
    let hidden = HiddenSecrets().secrets(in: answer)
    guard !hidden.isEmpty else { return [] }
    let shown = ShownRanges(of: answer.bytes)
    let unit = AnswerUnits(of: answer)?.name ?? ""
    return hidden.compactMap { secret in
      guard let kind = secret.kind, !secret.covers.allSatisfy({ shown.hold($0.range) }) else {
        return nil
      }
      guard let units = secret.units else {
        return SecretFinding(kind, in: "response body, a string with escapes")
      }
      guard units.count > 1 else {
        return SecretFinding(kind, in: "response body, \(unit) \(units.lowerBound)")
      }
      return SecretFinding(
        kind,
        in: "response body, \(unit)s \(units.lowerBound) to \(units.upperBound) joined, "
          + secret.path)
    }
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
    let hidden = HiddenSecrets().secrets(in: body)
    let shown = hidden.isEmpty ? nil : ShownRanges(of: body)
    return matches(in: body).map {
      SecretFinding($0.kind, in: "\(place), byte \($0.range.lowerBound)")
    }
      + hidden.compactMap { secret in
        guard let kind = secret.kind,
          !secret.covers.allSatisfy({ shown?.hold($0.range) ?? false })
        else { return nil }
        return SecretFinding(kind, in: "\(place), a string with escapes")
      }
  }
}

/// What the bytes of a body show of its secrets.
private struct ShownRanges {
  /// In order, and none of them touches another.
  private var ranges: [Range<Int>] = []

  init(of body: [UInt8]) {
    var search = SecretSearch()
    while let found = search.next(in: body, isFinal: true) {
      if let last = ranges.last, last.upperBound >= found.range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, found.range.upperBound)
      } else {
        ranges.append(found.range)
      }
    }
  }

  /// Whether all of a range is among them.
  func hold(_ range: Range<Int>) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = low + (high - low) / 2
      if ranges[middle].upperBound > range.lowerBound { high = middle } else { low = middle + 1 }
    }
    guard low < ranges.count else { return false }
    return ranges[low].lowerBound <= range.lowerBound && range.upperBound <= ranges[low].upperBound
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
