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
  package init(_ name: String, bytes: some Collection<UInt8>) {
    self.init(name, Latin1.string(of: bytes))
  }

  /// The bytes of the value read as UTF-8, which is what people and programs write.
  package var utf8Value: String {
    guard value.utf8.contains(where: { $0 >= 0x80 }) else { return value }
    return String(
      decoding: value.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, as: UTF8.self)
  }

  /// Whether the name is `other`, which is given in lower case: field names ignore case.
  public func isNamed(_ other: String) -> Bool {
    name.utf8.count == other.utf8.count
      && name.utf8.elementsEqual(other.utf8) { $0.inLowerCase == $1 }
  }
}

extension [HeaderField] {
  /// The value of the first field of that name, given in lower case, or nil.
  public func value(of name: String) -> String? {
    first { $0.isNamed(name) }?.value
  }

  /// The values of all fields of a name, given in lower case.
  package func values(of name: String) -> [String] {
    filter { $0.isNamed(name) }.map(\.value)
  }

  /// The members of a list that the fields of a name have together, in lower case, the empty ones
  /// too. (RFC 9110, 5.6.1)
  package func list(of name: String) -> [String] {
    values(of: name).flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
      .map { $0.withoutBlanksAround.lowercased() }
  }

  /// The content codings that the fields name, as a list in lower case, or nil where there is none
  /// but `identity`. (RFC 9110, 8.4)
  package var contentCoding: String? {
    let codings = list(of: "content-encoding").filter { !$0.isEmpty && $0 != "identity" }
    return codings.isEmpty ? nil : codings.joined(separator: ", ")
  }

  /// The names of the fields that belong to one connection, in lower case: those that always do,
  /// and those that `connection` names. (RFC 9110, 7.6.1)
  package var hopByHopNames: Set<String> {
    Set([
      "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
      "upgrade",
    ]).union(list(of: "connection"))
  }
}
