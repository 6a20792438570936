import Libc
import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// A command that the deck runs, with its own standard input and outputs.
struct ClientCommand {
  /// The signals that are passed on: those that ask for an end, and those that are a program's own.
  static let signals = StopSignals.ending + [SIGQUIT, SIGUSR1, SIGUSR2]

  /// How long a command may take to end after SIGTERM where the deck has failed under it.
  private static let endsWithin: Duration = .seconds(5)

  /// The program and its arguments, the program first.
  let words: [String]

  /// The variables that are set for it.
  let environment: ClientEnvironment

  /// Runs the command to its end; what it has started besides is not waited for.
  ///
  /// Signals are passed on as often as they come, and nothing else ends the command: how long it
  /// takes is its own affair, as it were without the deck. Where the task is cancelled, it is told
  /// to end.
  ///
  /// - Returns: its exit code, or 128 and the signal that ended it, as a shell has it.
  func run(passingOn signals: AsyncStream<ReceivedSignal>) async throws -> Int32 {
    do {
      let result = try await Subprocess.run(
        configuration, input: .currentStandardInput, output: .currentStandardOutput,
        error: .currentStandardError
      ) { execution in
        Task {
          for await signal in signals where Self.isPassedOn(signal) {
            try? execution.send(signal: Signal(rawValue: signal.number))
          }
        }
      }
      result.closureResult.cancel()
      switch result.terminationStatus {
      case .exited(let code): return code
      case .signaled(let signal): return 128 + signal
      }
    } catch let error as SubprocessError {
      throw Failure(.noInput, "cannot run '\(words[0])': \(error)")
    }
  }

  /// Whether the command must be told: what the terminal's keys send goes to its whole foreground
  /// group, the command in it, and a second Ctrl-C means more than one.
  static func isPassedOn(_ signal: ReceivedSignal) -> Bool {
    !(signal.isFromKernel && [SIGINT, SIGQUIT].contains(signal.number))
  }

  private var configuration: Configuration {
    let variables = environment.variables.map { (Environment.Key(stringLiteral: $0.0), $0.1) }
    var options = PlatformOptions()
    options.teardownSequence = [
      .send(signal: .terminate, allowedDurationToNextStep: Self.endsWithin)
    ]
    return Configuration(
      executable: words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0]),
      arguments: Arguments(Array(words.dropFirst())),
      environment: .inherit.updating(Dictionary(variables) { $1 }), platformOptions: options)
  }
}
