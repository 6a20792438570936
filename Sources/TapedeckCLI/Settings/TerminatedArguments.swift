/// The command line with what stands behind the first `--` of `serve` as an option of its own.
///
/// The argument parser takes one list of positional arguments, and that is the paths.
struct TerminatedArguments {
  /// The long name of the option that carries an argument of the command.
  static let option = "command-argument"

  /// The arguments, the verb first.
  let merged: [String]

  init(_ arguments: some Collection<String>) {
    guard arguments.first == "serve", let terminator = arguments.firstIndex(of: "--") else {
      merged = Array(arguments)
      return
    }
    // The second sign keeps an empty argument from looking like a missing one.
    let command = arguments[terminator...].dropFirst().map { "--\(Self.option)==\($0)" }
    merged = arguments[..<terminator] + (command.isEmpty ? ["--\(Self.option)=="] : command)
  }
}
