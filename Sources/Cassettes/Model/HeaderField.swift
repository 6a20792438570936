/// One HTTP header or trailer field, as it went over the wire.
///
/// The value holds Latin-1: every scalar is one byte. (RFC 9110, 5.5)
public struct HeaderField: Hashable, Sendable {
  /// The field name as written, a token.
  public var name: String

  /// The field value, without the white space around it; scalars up to U+00FF, no CR, LF or NUL.
  public var value: String

  /// Creates a field from a name and a value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// Whether the name is `other`, which is given in lower case: field names ignore case.
  public func isNamed(_ other: String) -> Bool {
    name.utf8.count == other.utf8.count && name.lowercased() == other
  }
}

extension [HeaderField] {
  /// The value of the first field of that name, given in lower case, or nil.
  public func value(of name: String) -> String? {
    first { $0.isNamed(name) }?.value
  }
}
