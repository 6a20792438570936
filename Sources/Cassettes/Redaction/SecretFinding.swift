/// A secret that stands unredacted in an exchange; it never holds the secret itself.
public struct SecretFinding: Hashable, Sendable, CustomStringConvertible {
  /// What kind of secret it is.
  public var kind: SecretKind

  /// Where it stands, such as `response body, event 3` or `request header x-api-key`.
  public var place: String

  /// Creates a finding from its parts.
  public init(_ kind: SecretKind, in place: String) {
    self.kind = kind
    self.place = place
  }

  /// The finding as one phrase.
  public var description: String { "\(place): what looks like \(kind.words) is not redacted" }
}
