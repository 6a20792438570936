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

  /// The sentence and the code of an error of the rooms below; any other is a bug.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as CassetteError: self.init(Self.code(of: error), error.description)
    case let error as DirectiveError: self.init(.usage, error.description)
    case let error as JSONPointerError: self.init(.usage, error.description)
    case let error as RecordingError:
      self.init(error.isUnavailable ? .unavailable : .usage, error.description)
    case let error as DeckError: self.init(.unavailable, error.description)
    default: self.init(.bug, "\(error)")
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
