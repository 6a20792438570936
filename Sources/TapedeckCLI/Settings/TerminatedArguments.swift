/// The command line with what stands behind the first `--` of a verb that runs a command as an
/// option of its own.
///
/// The argument parser takes one list of positional arguments, and that is the paths.
struct TerminatedArguments {
  /// The long name of the option that carries an argument of the command.
  static let option = "command-argument"

  /// The verbs that run a command.
  private static let verbs: Set<String> = ["serve", "torture"]

  /// The arguments, the verb first.
  let merged: [String]

  init(_ arguments: some Collection<String>) {
    guard let verb = arguments.first, Self.verbs.contains(verb),
      let terminator = arguments.firstIndex(of: "--")
    else {
      merged = Array(arguments)
      return
    }
    // The second sign keeps an empty argument from looking like a missing one.
    let command = arguments[terminator...].dropFirst().map { "--\(Self.option)==\($0)" }
    merged = arguments[..<terminator] + (command.isEmpty ? ["--\(Self.option)=="] : command)
  }

  /// The command that such an option's values are.
  ///
  /// - Throws: where `--` stands there and no command behind it.
  static func command(_ values: [String]) throws -> [String] {
    guard values.first != "=" else { throw Failure(.usage, "there is no command after '--'") }
    return values.map { String($0.dropFirst()) }
  }
}
