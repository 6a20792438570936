/// What stands on the command line itself, so that the layers below say nothing of it.
struct GivenOptions {
  /// The long names of what was given.
  let names: Set<String>

  /// The file of the last `--config`, or nil where there is none.
  let configurationFile: String?

  /// Whether help is asked for, which must not fail for want of a good file.
  var asksForHelp: Bool { !names.isDisjoint(with: ["help", "help-hidden"]) }

  /// Looks through the arguments behind the verb, up to a `--`.
  init(_ arguments: some Collection<String>, of verb: any SettableVerb.Type) {
    var names: Set<String> = []
    var file: String?
    var isFileNext = false
    for argument in arguments.prefix(while: { $0 != "--" }) {
      if isFileNext { file = argument }
      isFileNext = argument == "--\(ConfigurationOption.name)"
      let name = argument.prefix { $0 != "=" }
      if name.hasPrefix("--") {
        names.insert(String(name.dropFirst(2)))
        if name == "--\(ConfigurationOption.name)", name != argument {
          file = String(argument.dropFirst(name.count + 1))
        }
      } else if name.hasPrefix("-") {
        // Flags may share a dash: -kL.
        names.formUnion(name.dropFirst().compactMap { verb.shortNames[$0] })
        if name == "-h" { names.insert("help") }
      }
    }
    self.names = names
    configurationFile = file
  }
}
