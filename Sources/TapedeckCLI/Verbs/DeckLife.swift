import Cassettes
import Deck
import Libc
import Matching

/// The life of a deck on the command line: it is ready, somebody uses it, it ends.
struct DeckLife {
  /// The port that is taken where none was asked for, or another where it is in use.
  static let defaultPort: UInt16 = 4010

  let configuration: DeckConfiguration
  let shelf: Shelf
  let portFile: String?
  let command: [String]
  let takesDefaultPort: Bool

  /// Whether the end of standard input ends the deck, as a signal does.
  let stopsWithInput: Bool

  /// Whether clients get dummy keys where none is set.
  private var givesKeys: Bool { !configuration.forwarding.mode.forwards }

  /// Serves until a signal comes, or until the command has ended.
  ///
  /// - Returns: what was served, and the command's exit code where there is one.
  func run() async throws -> (DeckReport, Int32?) {
    // Made once: a second source for a signal would not hear of it.
    let stop = StopSignals(
      command.isEmpty ? StopSignals.ending : ClientCommand.signals,
      orEndOf: stopsWithInput ? STDIN_FILENO : nil)
    do {
      return try await serve(configuration, until: stop.stream)
    } catch let error as DeckError where takesDefaultPort && error.port == Self.defaultPort {
      var anywhere = configuration
      anywhere.port = 0
      return try await serve(anywhere, until: stop.stream)
    }
  }

  private func serve(
    _ configuration: DeckConfiguration, until stop: AsyncStream<ReceivedSignal>
  ) async throws -> (DeckReport, Int32?) {
    let (status, report) = try await DeckServer(configuration: configuration, shelf: shelf).run {
      deck in
      if let portFile { try OutputFile.write(Array("\(deck.port)\n".utf8), to: portFile) }
      let environment = ClientEnvironment(
        host: configuration.host, port: deck.port, givesKeys: givesKeys)
      return try await use(environment, until: stop)
    }
    return (report, status)
  }

  /// Runs the command, or waits for a signal where there is none.
  private func use(
    _ environment: ClientEnvironment, until stop: AsyncStream<ReceivedSignal>
  ) async throws -> Int32? {
    guard command.isEmpty else {
      return try await ClientCommand(words: command, environment: environment)
        .run(passingOn: stop)
    }
    // In one piece: who has read the first line, from a file too, finds the others there.
    Console.print(environment.lines.joined(separator: "\n"))
    if Console.isWatched {
      let library = shelf.library
      let exchanges = TextForm.count(library.entryCount, "exchange")
      let cassettes = TextForm.count(library.cassettes.count, "cassette")
      Console.warn("\(exchanges) in \(cassettes); Ctrl-C ends")
    }
    for await _ in stop { break }
    return nil
  }
}
