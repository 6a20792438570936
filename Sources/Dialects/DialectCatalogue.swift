/// The dialects that are known, in the order in which a tie between them is decided.
public struct DialectCatalogue: Sendable {
  /// The dialects, without that of any other stream, which is what remains.
  public var dialects: [any Dialect]

  /// Creates a catalogue of these dialects.
  public init(_ dialects: [any Dialect]) { self.dialects = dialects }

  /// Every dialect there is.
  public static let standard = DialectCatalogue([
    AnthropicDialect(), OpenAIChatDialect(), OpenAIResponsesDialect(), GeminiDialect(),
  ])

  /// The dialect of an exchange: the surest one, or plain where none speaks up.
  public func dialect(for evidence: DialectEvidence) -> any Dialect {
    var best: (dialect: any Dialect, certainty: DialectCertainty)?
    for dialect in dialects {
      guard let certainty = dialect.recognizes(evidence) else { continue }
      if best.map({ certainty > $0.certainty }) ?? true { best = (dialect, certainty) }
    }
    return best?.dialect ?? PlainDialect(evidence)
  }
}
