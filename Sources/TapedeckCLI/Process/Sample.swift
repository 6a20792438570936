import Cassettes
import Deck
import Matching

/// The shipped cassettes that are part of the program: an answer of each dialect, so that a client
/// can be tried and the catalogue of faults be computed where there is no other cassette.
enum Sample {
  /// The exchange on which the catalogue of faults is computed.
  static func exchange() throws -> Exchange {
    guard let exchange = try exchanges(of: cassettes[0]).first else {
      throw CassetteError(.badData, "the built-in cassette is empty")
    }
    return exchange
  }

  /// Adds every cassette to what is served, under its shipped name.
  static func add(to library: inout Library) throws {
    for cassette in cassettes {
      library.add(cassette: cassette.name, try exchanges(of: cassette))
    }
  }

  /// The bytes of a cassette, or nil where none has that name.
  static func tape(_ name: String) -> [UInt8]? { cassettes.first { $0.name == name }?.bytes }

  private static let cassettes: [(name: String, bytes: [UInt8])] = [
    ("anthropic-text", PackageResources.anthropic_text_tape),
    ("openai-chat", PackageResources.openai_chat_tape),
    ("openai-responses", PackageResources.openai_responses_tape),
    ("gemini-text", PackageResources.gemini_text_tape),
  ]

  private static func exchanges(of cassette: (name: String, bytes: [UInt8])) throws -> [Exchange] {
    var reader = try CassetteReader(bytes: cassette.bytes, path: cassette.name)
    var exchanges: [Exchange] = []
    while let exchange = try reader.next() { exchanges.append(exchange) }
    return exchanges
  }
}
