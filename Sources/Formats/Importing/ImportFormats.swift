/// The formats that can be imported.
package enum ImportFormats {
  /// All of them; of two that are equally sure of a file the first one has it.
  package static let all: [any ImportFormat] = curl + vcr + har + mocks

  /// The format of a name, or nil.
  package static func named(_ name: String) -> (any ImportFormat)? {
    all.first { $0.name == name }
  }

  /// The format that is surest of a file, or nil where none knows it.
  package static func detect(_ opening: Opening) -> (any ImportFormat)? {
    var best: (format: any ImportFormat, certainty: Certainty)?
    for format in all {
      let certainty = format.recognizes(opening)
      if certainty > best?.certainty ?? .no { best = (format, certainty) }
    }
    return best?.format
  }
}
