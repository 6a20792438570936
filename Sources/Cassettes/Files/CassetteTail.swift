private import Synchronization

/// How a cassette ends, which decides how an exchange is added to it.
struct CassetteTail: Hashable {
  /// Whether the file is compressed.
  var isCompressed: Bool

  /// Whether the last line has no LF.
  var lacksLineFeed = false

  /// What is wrong with the file, or nil.
  var damage: CassetteDamage?

  init(isCompressed: Bool) {
    self.isCompressed = isCompressed
  }

  /// Reads a file to its end, from where it is known to be whole.
  ///
  /// - Parameters:
  ///   - file: The file, locked.
  ///   - status: What the file system says of it.
  /// - Returns: How it ends.
  /// - Throws: An error of kind `badData` where it is no cassette or needs a newer version.
  static func of(
    _ file: borrowing OpenFile, status: OpenFile.Status
  ) throws(CassetteError) -> CassetteTail {
    if let known = KnownTails.shared.known(status) {
      if known.size == status.size { return known.tail }
      // What is known may be of a file that is gone, whose number this one has now.
      let tail = try? CassetteTail(reading: file, from: known.size)
      if let tail, tail.damage == nil { return tail }
    }
    return try CassetteTail(reading: file, from: 0)
  }

  private init(reading file: borrowing OpenFile, from offset: Int) throws(CassetteError) {
    var reader = try CassetteReader(continuing: file, from: offset, limits: .unbounded)
    while try reader.next() != nil {}
    isCompressed = reader.isCompressed
    lacksLineFeed = reader.lacksLineFeed
    damage = reader.damage
  }
}

extension CassetteLimits {
  /// For adding: what has been recorded must find its place, however large the file has become.
  static let unbounded = CassetteLimits(
    inflatedBytes: .max, lineBytes: 1 << 30, exchanges: .max, nesting: 1000,
    values: .max, chunks: .max, events: .max, asides: .max)
}

/// The ends of cassettes that this process wrote last, so that adding to one does not read it
/// again.
final class KnownTails: Sendable {
  /// The end of one file, and when it was so.
  struct Known {
    var size: Int
    var modified: Int64
    var tail: CassetteTail
  }

  private struct Place: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  static let shared = KnownTails()

  /// How many files are remembered; then all are forgotten.
  private static let limit = 1_024

  private let tails = Mutex<[Place: Known]>([:])

  /// Remembers that a file is whole and ends between two exchanges.
  func remember(_ status: OpenFile.Status, tail: CassetteTail) {
    tails.withLock { tails in
      if tails.count >= Self.limit { tails = [:] }
      tails[Place(device: status.device, inode: status.inode)] = Known(
        size: status.size, modified: status.modified, tail: tail)
    }
  }

  /// What is known of a file: that it is whole up to a size which it still has, or has outgrown.
  func known(_ status: OpenFile.Status) -> Known? {
    let place = Place(device: status.device, inode: status.inode)
    guard let known = tails.withLock({ $0[place] }) else { return nil }
    let isSame = known.size == status.size && known.modified == status.modified
    return isSame || known.size < status.size ? known : nil
  }
}
