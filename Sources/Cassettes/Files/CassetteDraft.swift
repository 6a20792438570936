/// A cassette in the making: exchanges are written beside the target, and are there all at once
/// when it is committed, or not at all.
package final class CassetteDraft {
  /// A place in a draft to go back to.
  package struct Mark: Hashable, Sendable {
    fileprivate var bytes: Int
    fileprivate var exchanges: Int
  }

  /// How many exchanges it has.
  package private(set) var exchanges = 0

  private let target: String
  private let file: OpenFile
  private var bytes = 0

  /// Creates a draft beside a cassette, whose directory must exist.
  package init(target: String) throws(CassetteError) {
    self.target = FileSystem.resolved(target)
    file = try OpenFile.locked(beside: self.target, as: .draft)
    try write(CassetteWriter.header())
  }

  deinit { FileSystem.remove(file.path) }

  /// Adds an exchange.
  package func add(_ exchange: consuming Exchange) throws(CassetteError) {
    try write(CassetteWriter.member(for: exchange))
    exchanges += 1
  }

  /// Where the draft ends now.
  package func mark() throws(CassetteError) -> Mark { Mark(bytes: bytes, exchanges: exchanges) }

  /// Takes back all that was added behind a mark.
  package func rollBack(to mark: Mark) throws(CassetteError) {
    try file.truncate(to: mark.bytes)
    bytes = mark.bytes
    exchanges = mark.exchanges
  }

  /// Puts the exchanges into the target: a new cassette or, where `appends`, one that may exist.
  ///
  /// - Throws: An error of kind `exists` where it exists and is not to be added to.
  package func commit(appends: Bool) throws(CassetteError) {
    try file.sync()
    guard FileSystem.isTaken(FileSystem.link(file.path, to: target)) else {
      return try FileSystem.syncDirectory(of: target)
    }
    guard appends else { throw CassetteError(.exists, "already exists", path: target) }
    var reader = try CassetteReader(path: file.path)
    while let exchange = try reader.next() { try CassetteFile.add(exchange, to: target) }
  }

  private func write(_ more: [UInt8]) throws(CassetteError) {
    try file.write(more)
    bytes += more.count
  }
}
