import Cassettes
import Deck
import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// The life of a deck on the command line: it is ready, somebody uses it, it ends.
struct DeckLife {
  /// The port that is taken where none was asked for, or another where it is in use.
  static let defaultPort: UInt16 = 4010

  let configuration: DeckConfiguration
  let shelf: Shelf
  let portFile: String?
  let command: [String]
  let takesDefaultPort: Bool

  /// Serves until a signal comes, or until the command has ended.
  ///
  /// - Returns: what was served, and the command's exit code where there is one.
  func run() async throws -> (DeckReport, Int32?) {
    // Made once: a second source for a signal would not hear of it.
    let stop = StopSignals()
    do {
      return try await serve(configuration, until: stop)
    } catch let error as DeckError where takesDefaultPort && error.port == Self.defaultPort {
      var anywhere = configuration
      anywhere.port = 0
      return try await serve(anywhere, until: stop)
    }
  }

  private func serve(
    _ configuration: DeckConfiguration, until stop: StopSignals
  ) async throws -> (DeckReport, Int32?) {
    let ready = AsyncStream<ClientEnvironment>.makeStream()
    let deck = Task {
      defer { ready.continuation.finish() }
      return try await DeckServer(configuration: configuration, shelf: shelf).run { port in
        if let portFile { try AtomicFile.write("\(port)\n", to: portFile) }
        ready.continuation.yield(ClientEnvironment(host: configuration.host, port: port))
      }
    }
    var status: Int32?
    for await environment in ready.stream {
      do {
        status = try await use(environment, until: stop.stream)
      } catch {
        deck.cancel()
        _ = try? await deck.value
        throw error
      }
      deck.cancel()
    }
    return (try await deck.value, status)
  }

  /// Runs the command, or waits for a signal where there is none.
  private func use(
    _ environment: ClientEnvironment, until stop: AsyncStream<Int32>
  ) async throws -> Int32? {
    guard command.isEmpty else { return try await run(command, environment, until: stop) }
    environment.lines.forEach(Console.print)
    if Console.isWatched {
      let library = shelf.library
      Console.warn(
        "\(library.entryCount) exchanges of \(library.cassettes.count) cassettes; Ctrl-C ends")
    }
    for await _ in stop { break }
    return nil
  }

  /// Runs the command with the variables set, and hands signals on to it.
  private func run(
    _ command: [String], _ environment: ClientEnvironment, until stop: AsyncStream<Int32>
  ) async throws -> Int32 {
    let variables = environment.variables.map { (Environment.Key(stringLiteral: $0.0), $0.1) }
    let configuration = Configuration(
      executable: command[0].contains("/") ? .path(FilePath(command[0])) : .name(command[0]),
      arguments: Arguments(Array(command.dropFirst())),
      environment: .inherit.updating(Dictionary(variables) { $1 }))
    do {
      let result = try await Subprocess.run(
        configuration, input: .currentStandardInput, output: .currentStandardOutput,
        error: .currentStandardError
      ) { execution in
        Task {
          for await signal in stop { try? execution.send(signal: Signal(rawValue: signal)) }
        }
      }
      result.closureResult.cancel()
      switch result.terminationStatus {
      case .exited(let code): return code
      case .signaled(let signal): return 128 + signal
      }
    } catch let error as SubprocessError {
      throw Failure(.noInput, "cannot run '\(command[0])': \(error)")
    }
  }
}
