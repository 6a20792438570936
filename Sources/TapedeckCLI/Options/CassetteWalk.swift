import Cassettes

/// The exchanges of a cassette that a verb was asked for, one after the other.
struct CassetteWalk: ~Copyable {
  private let file: String
  private let wanted: Int?
  private var reader: CassetteReader
  private var number = 0

  /// Opens a cassette, for all of its exchanges or the one of a number, from 1.
  init(file: String, exchange: Int?, limits: LimitOptions) throws {
    let wanted = try exchange.map { try positive($0, "--exchange") }
    // A spool is what a recorder that died left: what it has whole is read.
    let reader = try CassetteReader(
      path: file, limits: limits.limits(), recovering: file.hasSuffix(".part"))
    self.file = file
    self.wanted = wanted
    self.reader = reader
  }

  /// A cassette's name as a page has it: the last part of its path.
  static func name(of file: String) -> String {
    file.split(separator: "/").last.map(String.init) ?? file
  }

  /// The next exchange that was asked for, with its number, or nil behind the last.
  ///
  /// - Throws: where the file cannot be read, or has no such exchange.
  mutating func next() throws -> (number: Int, exchange: Exchange)? {
    if let wanted, number >= wanted { return nil }
    while let exchange = try reader.next() {
      number += 1
      if wanted ?? number == number { return (number, exchange) }
    }
    if let wanted {
      throw Failure(.noInput, "\(file): there is no exchange \(wanted): the cassette has \(number)")
    }
    return nil
  }
}
