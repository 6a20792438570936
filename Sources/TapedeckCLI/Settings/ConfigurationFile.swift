import LosslessJSON
import Planning

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
  init(path: String, bytes: [UInt8], verbs: SettableVerbs) throws {
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

/// An object of the configuration file, whose keys are all known and there once.
struct ConfigurationObject {
  /// The members, in their order.
  let members: [(key: String, value: JSONValue)]

  /// Checks a value.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - path: Where it stands, for a person.
  ///   - keys: The keys that it may have.
  ///   - noun: What a key names.
  /// - Throws: a ``Failure`` of bad data.
  init(_ value: JSONValue, path: String, keys: [String], keyIs noun: String) throws {
    guard case .object(let members) = value else {
      throw Failure(.badData, "\(path): must be a JSON object with a key for each \(noun)")
    }
    var seen: Set<String> = []
    self.members = try members.map { member in
      let key = String(decoding: member.key, as: UTF8.self)
      guard keys.contains(key) else {
        let nearest = Spelling.nearest(to: key, among: keys)
        let advice = nearest.map { "; did you mean '\($0)'?" } ?? ""
        throw Failure(
          .badData, "\(path): there is no \(noun) '\(TextForm.excerpt(key, limit: 60))'\(advice)")
      }
      guard seen.insert(key).inserted else {
        throw Failure(.badData, "\(path): has '\(key)' twice")
      }
      return (key, member.value)
    }
  }
}

/// A value of the configuration file, on its way to being a setting.
struct ConfigurationValue {
  private let value: JSONValue
  private let origin: String

  init(_ value: JSONValue, origin: String) {
    self.value = value
    self.origin = origin
  }

  /// The setting that it is of an option or flag.
  func setting(_ name: SettingName) throws -> Setting {
    switch (name.kind, value) {
    case (.flag, .bool(let isOn)):
      return Setting(name.name, isOn: isOn, origin: origin)
    case (.flag, _):
      throw Failure(.badData, "\(origin): takes true or false")
    case (.list, .array(let elements)):
      return Setting(name.name, values: try elements.map(text), origin: origin)
    case (.value, .array):
      throw Failure(.badData, "\(origin): takes one value, not an array")
    default:
      return Setting(name.name, values: [try text(of: value)], origin: origin)
    }
  }

  /// The text that stands for a value on the command line.
  private func text(of value: JSONValue) throws -> String {
    switch value {
    case .number(let text): return text
    case .string(let bytes) where !bytes.isEmpty: return String(decoding: bytes, as: UTF8.self)
    default: throw Failure(.badData, "\(origin): takes a non-empty string or a number")
    }
  }
}

/// Where in a text a byte stands, as editors count it: both from 1, the column in characters.
struct TextPlace: Equatable {
  let line: Int
  let column: Int

  /// The place of a byte, from 0; one behind the end is that of the end.
  init(of offset: Int, in bytes: [UInt8]) {
    let before = bytes.prefix(offset)
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    line = before.count { $0 == UInt8(ascii: "\n") } + 1
    column = String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1
  }
}
