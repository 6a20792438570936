public import LosslessJSON

/// The way to a value of a JSON document that must not be written down.
///
/// It is a JSON pointer in which the token `*` stands for every element of an array and every
/// member of an object, as in `/messages/*/content`. (RFC 6901, but for the `*`)
public struct RedactionPointer: Hashable, Sendable {
  /// One step of the way.
  struct Token: Hashable, Sendable {
    let key: [UInt8]
    /// The place in an array that the key writes, or nil.
    let index: Int?
    let isAny: Bool

    init(_ text: String) {
      key = Array(text.utf8)
      index = Int(text).flatMap { $0 >= 0 && String($0) == text ? $0 : nil }
      isAny = text == "*"
    }

    func leads(to key: [UInt8]) -> Bool { isAny || self.key == key }

    func leads(to index: Int) -> Bool { isAny || self.index == index }
  }

  let tokens: [Token]

  /// Creates a way from a pointer.
  public init(_ pointer: JSONPointer) { tokens = pointer.tokens.map(Token.init) }

  /// Parses a way.
  ///
  /// - Throws: What is wrong with it, in one sentence.
  public init(parsing text: String) throws(JSONPointerError) {
    self.init(try JSONPointer(parsing: text))
  }
}
