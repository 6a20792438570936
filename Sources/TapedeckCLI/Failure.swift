import ArgumentParser
import Cassettes
import Deck
import Libc
import LosslessJSON
import Planning
import Recorder

/// A failure with the sentence that a person reads and the exit code that a script reads.
struct Failure: Error, CustomStringConvertible {
  /// The exit codes. (sysexits.h, where one of its meanings fits)
  enum Code: Int32 {
    case didNotHold = 1
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case bug = 70
  }

  let code: Code
  let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// Ends the program as an error asks for: one line on standard error, and the exit code.
  ///
  /// The settings are what came from elsewhere than the command line, and the verb is what was
  /// asked for, where there is one of that name.
  static func exit(with error: any Error, settings: [Setting], verb: String?) -> Never {
    if let status = error as? ExitCode { Libc.exit(status.rawValue) }
    if Tapedeck.exitCode(for: error) == .success {
      Console.print(Tapedeck.fullMessage(for: error))
      Libc.exit(0)
    }
    let failure = Failure(error, verb: verb).blaming(settings)
    Console.warn(failure.description)
    Libc.exit(failure.code.rawValue)
  }

  /// The sentence and the code of any error, and of one of usage where to read what is allowed.
  init(_ error: any Error, verb: String? = nil) {
    switch error {
    case let failure as Failure: self = failure
    case let error as CassetteError: self.init(Self.code(of: error), error.description)
    case let error as DirectiveError: self.init(.usage, error.description)
    case let error as JSONPointerError: self.init(.usage, error.description)
    case let error as RecordingError:
      self.init(error.isUnavailable ? .unavailable : .usage, error.description)
    case let error as DeckError: self.init(.unavailable, error.description)
    default:
      let message = ParserMessage.improved(Tapedeck.message(for: error))
      let isUsage = Tapedeck.exitCode(for: error) == .validationFailure
      let help = ["tapedeck", verb, "--help"].compactMap(\.self).joined(separator: " ")
      // The parser's own words: its first line is the error, what follows is help.
      let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "\(error)"
      self.init(isUsage ? .usage : .bug, isUsage ? "\(line) (see '\(help)')" : line)
    }
  }

  private static func code(of error: CassetteError) -> Code {
    switch error.kind {
    case .badData: .badData
    case .noInput: .noInput
    case .exists: .usage
    case .system: .didNotHold
    }
  }
}
