/// The way to a value in a JSON document, or to several: the token `*` stands for every key and
/// index. (RFC 6901)
public struct JSONPointer: Hashable, Sendable {
  /// The reference tokens, unescaped.
  public var tokens: [String]

  /// Parses a pointer: "" for the whole document, else each token behind a `/`, with `~1` for `/`
  /// and `~0` for `~`.
  ///
  /// - Throws: What is wrong with it, in one sentence.
  public init(parsing text: String) throws(JSONPointerError) {
    guard text.isEmpty || text.utf8.first == UInt8(ascii: "/") else {
      throw JSONPointerError(
        "'\(text)' is not a JSON pointer: it must begin with /, like /metadata/user_id")
    }
    tokens = []
    for token in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      tokens.append(try Self.unescaped(token, of: text))
    }
  }

  private static func unescaped(
    _ token: Substring, of text: String
  ) throws(JSONPointerError) -> String {
    var unescaped = ""
    var isEscape = false
    for character in token {
      if isEscape {
        guard character == "0" || character == "1" else { break }
        unescaped.append(character == "0" ? "~" : "/")
        isEscape = false
      } else if character == "~" {
        isEscape = true
      } else {
        unescaped.append(character)
      }
    }
    guard !isEscape else {
      throw JSONPointerError("'\(text)': in a JSON pointer write ~0 for ~ and ~1 for /")
    }
    return unescaped
  }
}

/// What is wrong with the text of a JSON pointer.
public struct JSONPointerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence for a person.
  public var description: String

  init(_ description: String) { self.description = description }
}
