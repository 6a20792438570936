/// A regular expression that finds what it matches in bytes of which more may come.
///
/// The notation is the usual one: `. [a-z] [^a-z] ( ) (?: ) | * + ? {3} {3,} {3,5} *? ^ $ \b \d
/// \w \s \t \xHH [:alpha:]`, and `(?i)` in front of everything for any case. There are no back
/// references and no looking around. A match never goes over the end of a line. `\d`, `\w`
/// and ranges are ASCII.
///
/// Where the pattern has groups, what they match is found, else the whole match: of
/// `"user":"([^"]+)"` the name alone. The time that it takes grows with the text alone, whatever
/// the pattern.
public struct Pattern: Hashable, Sendable {
  /// The pattern as it was written.
  public let text: String

  let automaton: PatternAutomaton

  /// Reads a pattern.
  ///
  /// - Parameter text: The regular expression.
  /// - Throws: What is wrong with it, in one sentence; one that matches where there is nothing is
  ///   wrong.
  public init(_ text: String) throws(PatternError) {
    var parser = PatternParser(text)
    let node = try parser.pattern()
    guard !node.matchesNothing else {
      throw PatternError("it matches the empty string: require at least one character")
    }
    automaton = try PatternAutomaton(try PatternProgram(node))
    self.text = text
  }

  /// Whether two patterns are written alike.
  public static func == (a: Pattern, b: Pattern) -> Bool { a.text == b.text }

  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// What is wrong with a pattern, which it does not show: a part of it may be the secret itself.
public struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence for a person.
  public var description: String

  init(_ description: String) { self.description = description }
}
