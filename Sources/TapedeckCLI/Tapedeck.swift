import ArgumentParser
import Cassettes
import Libc
import Planning

/// The program: each verb is one file in `Verbs`.
///
/// Verbs give their names, which the parser would else make from those of their types, slowly.
@main
struct Tapedeck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tapedeck",
    abstract: "Record live SSE streams with their timing, and replay them to test clients.",
    discussion: """
      A cassette keeps the bytes of a stream as they arrived, with the time of \
      each and how the stream ended. The deck serves it back, byte for byte and \
      on time, or broken as the base URL says.

      To begin, set up a project with its first tests and a CI job; or try an \
      answer that is built in, whole and cut off:

        tapedeck init
        tapedeck serve --sample
        curl -N http://127.0.0.1:4010/v1/messages -d '{"stream":true}'
        curl -N http://127.0.0.1:4010/~fault=end@event:12/v1/messages \\
            -d '{"stream":true}'

      Judge a client against every fault; record the answers that your tests get, \
      and play them without a network:

        tapedeck torture --sample -- python client.py
        tapedeck serve --mode once --upstream https://api.anthropic.com \\
            --record-to tapes/ -- pytest
        tapedeck serve tapes -- pytest

      Options can also be set in the environment (TAPEDECK_PACE=10x for \
      --pace 10x) and, with lower precedence, in tapedeck.json, by verb:

        {"serve": {"paths": ["cassettes"], "pace": "10x", "require-session": true}}

      Exit codes: 0 success, 1 a check or --fail-on found something, 64 wrong \
      usage, 65 bad data, 66 missing input, 69 upstream or address unavailable, \
      70 a bug in tapedeck.
      """,
    version: TapedeckVersion.current,
    subcommands: [
      Init.self, Record.self, Serve.self, Play.self, Show.self, PlanVerb.self, Faults.self,
      Check.self, RedactVerb.self, TortureVerb.self, LoadVerb.self, Import.self, Export.self,
      Diff.self,
    ])

  /// The verbs that can be set up beside the command line, by name.
  static var settableVerbs: SettableVerbs {
    configuration.subcommands.compactMap { command in
      (command as? any SettableVerb.Type).map { (command._commandName, $0) }
    }
  }

  /// Says of a verb that there is not which one was meant.
  private static func checkVerb(_ arguments: [String]) throws {
    let verbs = configuration.subcommands.map { $0._commandName }
    let isHelp = arguments.first == "help"
    guard let name = arguments.dropFirst(isHelp ? 1 : 0).first, !name.hasPrefix("-"),
      !verbs.contains(name), name != "help"
    else { return }
    let shown = TextForm.excerpt(name, limit: 60)
    throw Failure(.usage, "there is no verb '\(shown)'\(Spelling.advice(on: name, among: verbs))")
  }

  static func main() async {
    // A reader that went away is an error of the write, which ends the program quietly.
    signal(SIGPIPE, SIG_IGN)
    let given = TerminatedArguments(CommandLine.arguments.dropFirst()).merged
    var settings: [Setting] = []
    do {
      try checkVerb(given)
      let arguments = try LayeredArguments(given, verbs: settableVerbs)
      settings = arguments.settings
      if arguments.takesSettings {
        UnknownVariables.warnings(of: UnknownVariables.current, verbs: settableVerbs)
          .forEach(Console.warn)
      }
      var command = try parseAsRoot(arguments.merged)
      if var command = command as? any AsyncParsableCommand {
        try SystemFooting.check()
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let isVerb = configuration.subcommands.contains { $0._commandName == given.first }
      exit(with: error, settings: settings, verb: isVerb ? given.first : nil)
    }
  }
}
