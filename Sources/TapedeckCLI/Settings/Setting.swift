/// The long name of an option or flag, and what it takes.
struct SettingName: Hashable {
  /// What an option or flag takes.
  enum Kind {
    /// One value.
    case value
    /// Any number of values.
    case list
    /// None: it is on or off.
    case flag
  }

  let name: String
  let kind: Kind
}

/// What a layer says of one option or flag.
struct Setting: Equatable {
  /// The long name.
  let name: String

  /// Where it stands, as a person finds it: `TAPEDECK_PACE`, or `tapedeck.json: serve.pace`.
  let origin: String

  /// The arguments that say the same on the command line; none for a flag that is off.
  let arguments: [String]

  /// An option with its values.
  init(_ name: String, values: [String], origin: String) {
    self.name = name
    self.origin = origin
    // In one argument, so that a value may begin with a dash.
    arguments = values.map { "--\(name)=\($0)" }
  }

  /// A flag.
  init(_ name: String, isOn: Bool, origin: String) {
    self.name = name
    self.origin = origin
    arguments = isOn ? ["--\(name)"] : []
  }
}

/// A place that settings come from.
protocol SettingsLayer {
  /// What it says of an option or flag of the verb, or nil where it says nothing.
  ///
  /// - Throws: where what it says is nothing that this one takes.
  func setting(_ name: SettingName) throws -> Setting?
}
