import Cassettes
import Libc

/// One of the two that are compared: a cassette, or one exchange of it.
struct DiffSide {
  /// The cassette.
  let file: String

  /// The exchange that was asked for, from 1; nil for all.
  let wanted: Int?

  /// Takes an argument apart, which is a file, or a file and the number of an exchange.
  ///
  /// That is `FILE:N` or `FILE#N`; what is there as a file is one, whatever its name is.
  ///
  /// - Parameters:
  ///   - argument: The argument.
  ///   - exchange: The value of `--exchange`, for an argument that names none.
  /// - Throws: where both name an exchange, and not the same.
  init(_ argument: String, exchange: Int?) throws {
    let chosen = try exchange.map { try positive($0, "--exchange") }
    guard access(argument, F_OK) != 0, let (file, number) = Self.parts(of: argument) else {
      (file, wanted) = (argument, chosen)
      return
    }
    guard chosen == nil || chosen == number else {
      throw Failure(.usage, "\(argument) names an exchange already: leave out --exchange")
    }
    (self.file, wanted) = (file, number)
  }

  private static func parts(of argument: String) -> (file: String, number: Int)? {
    guard let mark = argument.lastIndex(where: { $0 == ":" || $0 == "#" }) else { return nil }
    let digits = argument[argument.index(after: mark)...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(digits), number >= 1, mark > argument.startIndex
    else { return nil }
    return (String(argument[..<mark]), number)
  }

  /// The exchanges that take part, each with its place on the cassette, from 1.
  ///
  /// - Throws: where the cassette cannot be read, or has no such exchange.
  func read(limits: LimitOptions) throws -> [(number: Int, exchange: Exchange)] {
    var found: [(number: Int, exchange: Exchange)] = []
    var walk = try CassetteWalk(file: file, exchange: wanted, limits: limits)
    while let next = try walk.next() { found.append(next) }
    return found
  }
}
