internal import Threads
internal import Units

/// A cassette in the making: exchanges are written beside the target, and are there all at once
/// when it is committed, or not at all.
///
/// Exchanges are made and compressed on other threads as long as they are small; a large one alone,
/// so that the memory is that of the largest exchange.
package final class CassetteDraft {
  /// A place in a draft to go back to.
  package struct Mark: Hashable, Sendable {
    fileprivate var bytes: Int
    fileprivate var exchanges: Int
  }

  /// The bytes of exchanges that may wait, or be worked on at once.
  private static let waitingBytes = 2 << 20

  /// How many exchanges it has.
  package private(set) var exchanges = 0

  private let target: String
  private let file: OpenFile
  /// The members that were written, and where the first of them begins.
  private var bytes = 0
  private let start: Int
  private var members: WorkResults<Result<[UInt8], any Error>>

  /// Creates a draft beside a cassette, whose directory must exist.
  package init(target: String) throws(CassetteError) {
    self.target = FileSystem.resolved(target)
    members = WorkResults(WorkerPool(name: "cassette-gzip", threads: Processors.count))
    file = try OpenFile.locked(beside: self.target, as: .draft)
    let header = try CassetteWriter.header()
    start = header.count
    try write(header)
  }

  deinit { FileSystem.remove(file.path) }

  /// Adds an exchange.
  ///
  /// - Throws: An error of kind `badData` where no reader would take the exchange back, or one of
  ///   kind `system`, which may be that of an exchange before it.
  package func add(_ exchange: consuming Exchange) throws {
    try exchange.check()
    let weight = exchange.weight
    let exchange = exchange
    try add(weight: weight) { exchange }
  }

  /// Adds the exchange that some work makes, which another thread may do.
  ///
  /// - Parameters:
  ///   - weight: About the bytes that the exchange has in memory.
  ///   - make: Makes it.
  /// - Throws: What `make` and the writing of exchanges before it threw.
  package func add(weight: Int, _ make: @escaping @Sendable () throws -> Exchange) throws {
    while let member = members.nextIfDone() { try write(member.get()) }
    while members.weight + weight > Self.waitingBytes, let member = members.next() {
      try write(member.get())
    }
    if weight > Self.waitingBytes {
      try write(CassetteWriter.member(for: make()))
    } else {
      members.submit(weight: weight) {
        Result { try CassetteWriter.member(for: make()) }
      }
    }
    exchanges += 1
  }

  /// Where the draft ends now; all that was added before is made.
  package func mark() throws -> Mark {
    try finish()
    return Mark(bytes: bytes, exchanges: exchanges)
  }

  /// Takes back all that was added behind a mark.
  package func rollBack(to mark: Mark) throws(CassetteError) {
    members.forget()
    try file.truncate(to: mark.bytes)
    bytes = mark.bytes
    exchanges = mark.exchanges
  }

  /// Puts the exchanges into the target: a new cassette or, where `appends`, one that may exist.
  ///
  /// Nothing can be added afterwards.
  ///
  /// - Throws: An error of kind `exists` where it exists and is not to be added to. What is there
  ///   stays as it was, whatever the error.
  package func commit(appends: Bool) throws {
    try finish()
    guard appends else {
      guard try CassetteFile.place(file, at: target) else {
        throw CassetteError(.exists, "already exists", path: target)
      }
      return release()
    }
    let addition = CassetteAddition { [self] (target, isCompressed) throws(CassetteError) in
      if isCompressed { return try file.copy(start..<bytes, to: target) }
      var reader = try CassetteReader(continuing: file, from: 0, limits: .unbounded)
      while let exchange = try reader.next() {
        try target.write(CassetteWriter.lines(for: exchange))
      }
    }
    try CassetteFile.settle(target) { (path) throws(CassetteError) in
      try CassetteFile.place(file, at: path)
    } change: { (target) throws(CassetteError) in
      try addition.append(to: target)
      return .done
    }
    release()
  }

  /// Lets others add to what is the cassette now.
  private func release() {
    FileSystem.remove(file.path)
    file.unlock()
  }

  /// Writes all that is being compressed.
  private func finish() throws {
    while let member = members.next() { try write(member.get()) }
  }

  private func write(_ more: [UInt8]) throws(CassetteError) {
    try file.write(more)
    bytes += more.count
  }
}

extension Exchange {
  /// About the bytes that it has in memory.
  fileprivate var weight: Int {
    body.count + request.body.count + chunks.count * MemoryLayout<Chunk>.stride + (1 << 10)
  }
}
