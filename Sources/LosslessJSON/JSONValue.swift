/// A JSON value that loses nothing which matters to a comparison or a rewrite.
///
/// Numbers keep their text, strings their bytes, objects the order of their members. (RFC 8259)
public enum JSONValue: Hashable, Sendable {
  /// One member of an object.
  public struct Member: Hashable, Sendable {
    /// The key's bytes, unescaped.
    public var key: [UInt8]

    /// The value.
    public var value: JSONValue

    /// Creates a member from a key and a value.
    public init(_ key: String, _ value: JSONValue) {
      self.key = Array(key.utf8)
      self.value = value
    }

    /// Whether this is its key, byte for byte.
    public func hasKey(_ name: String) -> Bool {
      guard key.count == name.utf8.count else { return false }
      return name.utf8.withContiguousStorageIfAvailable { key.elementsEqual($0) }
        ?? key.elementsEqual(name.utf8)
    }

    /// Creates a member from a key's bytes and a value.
    public init(key: [UInt8], value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  case null
  case bool(Bool)
  /// A number, as it was written.
  case number(String)
  /// A string's bytes, unescaped: UTF-8, but for a lone surrogate, which is kept as its three bytes
  /// (as WTF-8 has it), so that two strings are equal exactly when their bytes are.
  case string([UInt8])
  case array([JSONValue])
  case object([Member])
}

extension JSONValue {
  /// Creates a string value.
  public static func string(_ text: String) -> Self { .string(Array(text.utf8)) }

  /// Creates a number value from an integer.
  public static func number(_ value: some BinaryInteger) -> Self { .number(String(value)) }

  /// The value of the first member of that key, or nil where there is none or this is no object.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.hasKey(key) }?.value
  }
}
