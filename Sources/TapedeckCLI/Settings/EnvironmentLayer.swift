/// Settings as the environment has them: `TAPEDECK_IDLE_TIMEOUT=5s` for `--idle-timeout 5s`.
///
/// An empty variable says nothing. An option that may repeat takes one value a line. A flag takes
/// `1`, `true`, `yes` or `on`, and `0`, `false`, `no` or `off`.
struct EnvironmentLayer: SettingsLayer {
  /// The value of a variable, or nil where it is not set.
  let value: (String) -> String?

  /// The variable that stands for an option.
  static func variable(for name: String) -> String {
    // The names of options are ASCII.
    let letters = name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
      case UInt8(ascii: "-"), UInt8(ascii: "."): UInt8(ascii: "_")
      default: byte
      }
    }
    return "TAPEDECK_" + String(decoding: letters, as: UTF8.self)
  }

  func setting(_ name: SettingName) throws -> Setting? {
    let variable = Self.variable(for: name.name)
    guard let value = value(variable), !value.isEmpty else { return nil }
    switch name.kind {
    case .value: return Setting(name.name, values: [value], origin: variable)
    case .list:
      let values = value.split(whereSeparator: \.isNewline).map(String.init)
      return Setting(name.name, values: values, origin: variable)
    case .flag:
      return Setting(name.name, isOn: try Self.isOn(value, variable), origin: variable)
    }
  }

  private static func isOn(_ value: String, _ variable: String) throws -> Bool {
    switch value.lowercased() {
    case "1", "true", "yes", "on": return true
    case "0", "false", "no", "off": return false
    default: throw Failure(.usage, "\(variable): '\(value)' is not 1 or 0, true or false")
    }
  }
}
