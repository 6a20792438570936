import ArgumentParser

/// The option that names the configuration file.
///
/// ``LayeredArguments`` reads it before the verb does.
struct ConfigurationOption: ParsableArguments {
  /// Its long name.
  static let name = "config"

  /// The variable that stands for it.
  static let variable = EnvironmentLayer.variable(for: name)

  @Option(
    name: .customLong(Self.name),
    help: ArgumentHelp(
      "Read options from this file, by default \(ConfigurationFile.defaultPath) if it exists; "
        + "'\(ConfigurationFile.noFile)' reads no file.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var file: String?
}
