/// The formats that can be imported.
package enum ImportFormats {
  /// All of them; of two that are equally sure of a file the first one has it.
  package static let all: [any ImportFormat] = curl + vcr + har + mocks

  /// The families that have a name of their own, of whose formats the surest is taken.
  private static let families: [(name: String, formats: [any ImportFormat])] = [
    ("curl", curl), ("vcr", vcr),
  ]

  /// What a user can ask for by name.
  package static var names: [String] { all.map(\.name) + families.map(\.name) }

  /// The format of a name, or those of a family; empty where there is none.
  package static func named(_ name: String) -> [any ImportFormat] {
    let one = all.filter { $0.name == name }
    return one.isEmpty ? families.first { $0.name == name }?.formats ?? [] : one
  }

  /// The format that is surest of a file, or nil where none knows it.
  ///
  /// - Parameters:
  ///   - opening: How the file begins.
  ///   - formats: Those that it may be of.
  /// - Returns: The format; the only one that it may be of, whatever that says.
  package static func detect(
    _ opening: Opening, among formats: [any ImportFormat] = all
  ) -> (any ImportFormat)? {
    if formats.count == 1 { return formats[0] }
    var best: (format: any ImportFormat, certainty: Certainty)?
    for format in formats {
      let certainty = format.recognizes(opening)
      if certainty > best?.certainty ?? .no { best = (format, certainty) }
    }
    return best?.format
  }
}
