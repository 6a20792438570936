import ArgumentParser

/// A verb whose options can be set beside the command line too: in the environment and in the
/// configuration file.
protocol SettableVerb: ParsableCommand {
  /// The long names of the options that take a value, without the dashes.
  static var settableOptions: [String] { get }

  /// Those of them that may be given more than once.
  static var repeatableOptions: [String] { get }

  /// The long names of the flags, without the dashes.
  static var settableFlags: [String] { get }

  /// The long names of the options and flags that have a short one, by that.
  static var shortNames: [Character: String] { get }
}

extension SettableVerb {
  static var repeatableOptions: [String] { [] }
  static var settableFlags: [String] { [] }
  static var shortNames: [Character: String] { [:] }

  /// Everything that can be set.
  static var settingNames: [SettingName] {
    settableOptions.map { name in
      SettingName(name: name, kind: repeatableOptions.contains(name) ? .list : .value)
    } + settableFlags.map { SettingName(name: $0, kind: .flag) }
  }
}

/// Verbs by their names.
typealias SettableVerbs = [(name: String, verb: any SettableVerb.Type)]
