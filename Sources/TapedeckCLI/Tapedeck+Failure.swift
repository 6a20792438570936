import ArgumentParser
import Libc

extension Tapedeck {
  /// Ends the program as an error asks for: one line on standard error, and the exit code.
  ///
  /// The settings are what came from elsewhere than the command line, and the verb is what was
  /// asked for, where there is one of that name.
  static func exit(with error: any Error, settings: [Setting], verb: String?) -> Never {
    if let status = error as? ExitCode { Libc.exit(status.rawValue) }
    if exitCode(for: error) == .success {
      Console.print(ParserMessage.withNamesForFish(fullMessage(for: error)))
      Libc.exit(0)
    }
    let failure = failure(of: error, verb: verb).blaming(settings)
    Console.warn(failure.description)
    Libc.exit(failure.code.rawValue)
  }

  /// The sentence and the code of an error; one of usage also says where to read what is allowed.
  private static func failure(of error: any Error, verb: String?) -> Failure {
    guard exitCode(for: error) == .validationFailure else {
      let failure = Failure(error)
      return failure.code == .bug ? Failure(.bug, firstLine(of: error)) : failure
    }
    let help = ["tapedeck", verb, "--help"].compactMap(\.self).joined(separator: " ")
    return Failure(.usage, "\(firstLine(of: error)) (see '\(help)')")
  }

  /// What the argument parser says of an error; help that follows is left out.
  private static func firstLine(of error: any Error) -> String {
    let message = ParserMessage.improved(message(for: error))
    return message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "\(error)"
  }
}

/// What the argument parser says of values, in our own words: what is allowed.
enum ParserMessage {
  /// What the options that take a number take, where that is not any whole number from 1 on.
  private static let ranges = [
    "port": "a whole number from 0 to 65535, 0 for any free one",
    "on-miss": "404 or 599", "threads": "a whole number from 1 to 256",
    "max-nesting": "a whole number from 1 to 1000",
  ]

  /// The message; in a completion script for fish, `--http1.1` has a name that fish takes.
  ///
  /// The script reads the command line with `argparse`, which refuses a name with a dot, and begins
  /// again for ever then.
  static func withNamesForFish(_ message: String) -> String {
    guard message.hasPrefix("function __tapedeck_") else { return message }
    return message.replacing("'http1.1'", with: "'http1_1'")
      .replacing(" http1.1'", with: " http1_1'").replacing("-l 'http1_1'", with: "-l 'http1.1'")
  }

  /// The message; one about a value says what may stand there.
  ///
  /// All options whose values the parser itself refuses are numbers.
  static func improved(_ message: String) -> String {
    let head = "The value '"
    let middle = "' is invalid for '"
    guard message.hasPrefix(head), let split = message.firstRange(of: middle) else {
      return message
    }
    let value = message[message.index(message.startIndex, offsetBy: head.count)..<split.lowerBound]
    let option = message[split.upperBound...].prefix { $0 != "'" && $0 != " " }
    guard option.hasPrefix("--") else { return message }
    let allowed = ranges[String(option.dropFirst(2))] ?? "a whole number of 1 or more"
    return "\(option): '\(TextForm.excerpt(String(value), limit: 60))' is not \(allowed)"
  }
}
