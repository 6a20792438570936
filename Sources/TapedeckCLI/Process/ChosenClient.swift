import Cassettes
import Judging
import Matching
import Redaction
import Torture

/// The client that a user wants to be judged.
enum ChosenClient {
  /// A command, started for each case, or once for each job.
  case command([String], isKept: Bool)
  /// The one in this program.
  case builtIn(readTimeout: Microseconds?)

  /// What reports call it.
  var name: String {
    switch self {
    case .command(let words, _): Self.line(words)
    case .builtIn: "the built-in client"
    }
  }

  /// Makes a client for each job.
  func maker(
    _ options: TortureOptions, _ stop: StopFlag
  ) -> @Sendable () -> any TortureClient {
    let limit = options.textLimitBytes
    switch self {
    case .command(let words, isKept: true):
      return {
        KeptClient(
          words, limitBytes: limit, stop: stop.descriptor,
          variables: Self.variables("http://127.0.0.1"))
      }
    case .command(let words, isKept: false):
      return {
        CommandClient(words, limitBytes: limit, stop: stop.descriptor) { Self.variables($0) }
      }
    case .builtIn(let readTimeout):
      let patience = Duration.microseconds(readTimeout?.count ?? 1_000_000)
      return { BuiltInClient(readTimeout: patience) }
    }
  }

  private static func variables(_ baseURL: String) -> [(String, String)] {
    ClientEnvironment(host: "127.0.0.1", baseURL: baseURL, givesKeys: true).variables
  }

  /// The command line that runs a case once more.
  ///
  /// - Parameters:
  ///   - torture: The case.
  ///   - library: What it was chosen from.
  ///   - arguments: What names the library.
  ///   - options: What changes the case, or how it is judged.
  /// - Returns: The line, without secrets.
  func reproduction(
    of torture: TortureCase, in library: Library, arguments: [String], options: [String]
  ) -> String {
    let exchanges = library.cassettes(named: torture.cassette).first?.entries.count ?? 1
    let cassette = exchanges > 1 ? "\(torture.cassette)#\(torture.exchange)" : torture.cassette
    // A case that a user made is found by its faults alone.
    let choice =
      torture.family == "fault"
      ? torture.faults.flatMap { ["--fault", "\($0)"] } : ["--case", "\(cassette)/\(torture.id)"]
    return commandLine(arguments + choice + options)
  }

  /// The command line that runs the client with some arguments.
  func commandLine(_ arguments: [String]) -> String {
    var words = ["tapedeck", "torture"] + arguments
    switch self {
    case .builtIn: words.append("--built-in")
    case .command(let command, let isKept):
      if isKept { words.append("--keep") }
      words += ["--"] + command
    }
    return Self.line(words)
  }

  /// Words as a shell takes them, without secrets: reports are for others to read.
  private static func line(_ words: [String]) -> String {
    Redactor.redact(text: words.map { ShellWord.quoted($0) }.joined(separator: " "))
  }
}
