import LosslessJSON

/// The configuration file: an object for each verb, with its options by their long names.
///
/// ```
/// {"serve": {"paths": ["cassettes"], "pace": "10x", "require-session": true}}
/// ```
///
/// The whole file is checked when it is read, whatever the verb, so that a mistake does not wait
/// for the day on which its verb is used.
struct ConfigurationFile {
  /// The file that is read where none was named, if it is there.
  static let defaultPath = "tapedeck.json"

  /// What stands for no file at all.
  static let noFile = "none"

  /// The largest file that is read.
  static let limitBytes = 1 << 20

  /// How deep its JSON may be nested.
  private static let nesting = 16

  private let settings: [String: [Setting]]

  /// Reads a file's bytes.
  ///
  /// - Throws: a ``Failure`` of bad data, which says where the file is wrong.
  init(path: String, bytes: [UInt8], verbs: [(name: String, verb: any SettableVerb.Type)]) throws {
    let object: JSONValue
    do {
      object = try JSONValue(parsing: bytes, nesting: Self.nesting)
    } catch {
      let place = TextPlace(of: error.offset, in: bytes)
      throw Failure(.badData, "\(path):\(place.line):\(place.column): the JSON \(error.reason)")
    }
    let names = verbs.map(\.name)
    let sections = try ConfigurationObject(object, path: path, keys: names, keyIs: "verb")
    var settings: [String: [Setting]] = [:]
    for (name, value) in sections.members {
      guard let verb = verbs.first(where: { $0.name == name })?.verb else { continue }
      let known = verb.settingNames
      let section = try ConfigurationObject(
        value, path: "\(path): \(name)", keys: known.map(\.name), keyIs: "option")
      settings[name] = try section.members.compactMap { key, value in
        try known.first { $0.name == key }.map { setting in
          try ConfigurationValue(value, origin: "\(path): \(name).\(key)").setting(setting)
        }
      }
    }
    self.settings = settings
  }

  /// What the file says of a verb's options.
  func layer(for verb: String) -> Layer {
    Layer(settings: settings[verb] ?? [])
  }

  /// The settings of one verb.
  struct Layer: SettingsLayer {
    fileprivate let settings: [Setting]

    func setting(_ name: SettingName) -> Setting? {
      settings.first { $0.name == name.name }
    }
  }
}
