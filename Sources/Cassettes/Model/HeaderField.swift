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

  /// Creates a field from a name and the bytes of its value.
  package init(_ name: String, bytes: some Sequence<UInt8>) {
    self.init(name, String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
  }

  /// The bytes of the value read as UTF-8, which is what people and programs write.
  package var utf8Value: String {
    guard value.utf8.contains(where: { $0 >= 0x80 }) else { return value }
    return String(
      decoding: value.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, as: UTF8.self)
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

extension [HeaderField] {
  /// The content codings that the fields name, as a list in lower case, or nil where there is none
  /// but `identity`. (RFC 9110, 8.4)
  package var contentCoding: String? {
    let codings = filter { $0.isNamed("content-encoding") }
      .flatMap { $0.value.split(separator: ",") }
      .map { $0.lowercased().filter { $0 != " " && $0 != "\t" } }
      .filter { !$0.isEmpty && $0 != "identity" }
    return codings.isEmpty ? nil : codings.joined(separator: ", ")
  }
}
