import Cassettes

/// The exchanges of a cassette that a verb was asked for, one after the other.
struct CassetteWalk {
  let file: String
  let exchange: Int?
  let limits: LimitOptions

  /// Calls `body` with each exchange and its number, from 1.
  ///
  /// - Throws: where the file cannot be read, or has no such exchange.
  func forEach(_ body: (Int, Exchange) throws -> Void) throws {
    let wanted = try exchange.map { try positive($0, "--exchange") }
    // A spool is what a recorder that died left: what it has whole is read.
    var reader = try CassetteReader(
      path: file, limits: limits.limits(), recovering: file.hasSuffix(".part"))
    var number = 0
    while let exchange = try reader.next() {
      number += 1
      guard wanted == nil || wanted == number else { continue }
      try body(number, exchange)
      if wanted == number { return }
    }
    if let wanted {
      throw Failure(.noInput, "\(file): there is no exchange \(wanted): the cassette has \(number)")
    }
  }
}
