import Libc

/// The command line with what the layers below it say put in front.
///
/// They are the environment, and below that the configuration file. The uppermost that says
/// anything of an option counts, also where the option may repeat.
struct LayeredArguments {
  /// The arguments, the verb first.
  let merged: [String]

  /// What came from the layers below the command line.
  let settings: [Setting]

  /// Whether a verb was asked for that takes settings, so that they matter.
  let takesSettings: Bool

  /// Takes the settings from the process's environment and the file system.
  init(_ arguments: [String], verbs: SettableVerbs) throws {
    try self.init(
      arguments, verbs: verbs, environment: { name in getenv(name).map { String(cString: $0) } },
      read: { path, isNamed in
        if !isNamed, access(path, F_OK) != 0 { return nil }
        return try InputFile.read(path, limitBytes: ConfigurationFile.limitBytes)
      })
  }

  /// Takes the settings from anywhere.
  ///
  /// - Parameters:
  ///   - arguments: The arguments as they were given, the verb first.
  ///   - verbs: The verbs that take settings.
  ///   - environment: The value of a variable, or nil where it is not set.
  ///   - read: The bytes of a configuration file, or nil where nobody named it and it is not there.
  /// - Throws: a ``Failure`` that says which setting is wrong, and what the reading throws.
  init(
    _ arguments: [String], verbs: SettableVerbs, environment: @escaping (String) -> String?,
    read: (_ path: String, _ isNamed: Bool) throws -> [UInt8]?
  ) throws {
    guard let name = arguments.first,
      let verb = verbs.first(where: { $0.name == name })?.verb,
      case let given = GivenOptions(arguments.dropFirst(), of: verb), !given.asksForHelp
    else {
      merged = arguments
      settings = []
      takesSettings = false
      return
    }
    takesSettings = true
    var layers: [any SettingsLayer] = [EnvironmentLayer(value: environment)]
    if let file = try Self.file(given, verbs, environment, read) {
      layers.append(file.layer(for: name))
    }
    settings = try verb.settingNames.filter { !given.names.contains($0.name) }.compactMap { name in
      for layer in layers {
        if let setting = try layer.setting(name) { return setting }
      }
      return nil
    }
    merged = [name] + settings.flatMap(\.arguments) + arguments.dropFirst()
  }

  /// The configuration file, or nil where there is none.
  private static func file(
    _ given: GivenOptions, _ verbs: SettableVerbs, _ environment: (String) -> String?,
    _ read: (String, Bool) throws -> [UInt8]?
  ) throws -> ConfigurationFile? {
    let variable = given.configurationFile == nil ? environment(ConfigurationOption.variable) : nil
    let named = given.configurationFile ?? variable
    let path = named ?? ConfigurationFile.defaultPath
    guard !["", ConfigurationFile.noFile].contains(path) else { return nil }
    do {
      return try read(path, named != nil).map { bytes in
        try ConfigurationFile(path: path, bytes: bytes, verbs: verbs)
      }
    } catch let failure as Failure where variable != nil {
      throw Failure(failure.code, "\(ConfigurationOption.variable): \(failure.description)")
    }
  }
}
