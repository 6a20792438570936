import LosslessJSON

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
    default: throw Failure(.badData, "\(origin): takes a text that is not empty, or a number")
    }
  }
}
