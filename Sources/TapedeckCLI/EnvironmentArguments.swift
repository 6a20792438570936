import ArgumentParser
import Libc

/// A verb whose options can be set in the environment too.
protocol EnvironmentConfigurable: ParsableCommand {
  /// The long names of the options that take a value, without the dashes.
  static var environmentOptions: [String] { get }

  /// The long names of the flags, without the dashes.
  static var environmentFlags: [String] { get }
}

extension EnvironmentConfigurable {
  static var environmentFlags: [String] { [] }
}

/// The command line with what the environment says put in front of it: `TAPEDECK_IDLE_TIMEOUT=5s` stands
/// for `--idle-timeout 5s`, and a flag that is given comes later and so wins.
struct EnvironmentArguments {
  /// The arguments, the verb first.
  let merged: [String]

  init(_ arguments: some Collection<String>) {
    self.init(arguments) { name in getenv(name).map { String(cString: $0) } }
  }

  init(_ arguments: some Collection<String>, environment: (String) -> String?) {
    guard let name = arguments.first,
      let verb = Tapedeck.configuration.subcommands.first(where: { $0._commandName == name })
        as? any EnvironmentConfigurable.Type
    else {
      merged = Array(arguments)
      return
    }
    let given = Set(arguments.prefix { $0 != "--" }.map { $0.prefix { $0 != "=" } })
    var inserted: [String] = []
    for option in verb.environmentOptions where !given.contains("--\(option)") {
      if let value = environment(Self.variable(for: option)), !value.isEmpty {
        inserted.append("--\(option)=\(value)")
      }
    }
    for flag in verb.environmentFlags where !given.contains("--\(flag)") {
      if let value = environment(Self.variable(for: flag)), !["", "0", "false"].contains(value) {
        inserted.append("--\(flag)")
      }
    }
    merged = [name] + inserted + arguments.dropFirst()
  }

  private static func variable(for option: String) -> String {
    "TAPEDECK_" + option.uppercased().replacing("-", with: "_")
  }
}
