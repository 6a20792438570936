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
      "Read options from this file; \(ConfigurationFile.defaultPath) by default, where it is there, "
        + "\(ConfigurationFile.noFile) for none.", valueName: "file"))
  var file: String?
}
