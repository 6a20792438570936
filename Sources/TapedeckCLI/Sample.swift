import Cassettes

/// The shipped cassette that the catalogue of faults is computed on; it is part of the program, so that
/// the catalogue is there wherever the program is.
enum Sample {
  /// The exchange on it.
  static func exchange() throws -> Exchange {
    var reader = try CassetteReader(
      bytes: PackageResources.anthropic_text_tape, path: "anthropic-text.tape")
    guard let exchange = try reader.next() else {
      throw CassetteError(.badData, "the built-in cassette is empty")
    }
    return exchange
  }
}
