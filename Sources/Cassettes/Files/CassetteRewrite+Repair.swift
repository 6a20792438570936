internal import LosslessJSON

extension CassetteRewrite {
  /// What every canonical member begins with.
  private static let memberStart: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]

  /// What the line of a request begins with in plain text, behind the LF of the line before.
  private static let requestStart = Array("\n[0,\"q\",".utf8)

  /// Finds the parts of a damaged cassette that can be kept.
  ///
  /// Whole members are kept byte for byte. Of one that ends too early the whole lines are kept,
  /// their exchange being interrupted. One that is damaged otherwise is lost up to the next
  /// beginning of a member, since without its checksum nothing says which of its bytes are right.
  ///
  /// - Parameters:
  ///   - file: The file, locked.
  ///   - limits: What is taken before the file is refused.
  /// - Throws: An error of kind `badData` where it is no cassette, needs a newer version or is
  ///   beyond the limits.
  init(
    repairing file: borrowing OpenFile, limits: CassetteLimits
  ) throws(CassetteError) {
    let size = try file.status().size
    if size == 0 { pieces.append(.bytes(try header([]))) }
    var start = 0
    while start < size {
      let section = try Section(of: file, from: start, limits: limits)
      if start == 0 {
        isCompressed = section.isCompressed
        if section.keptEnd == 0 { pieces.append(.bytes(try header(section.header))) }
      }
      add(.kept(start..<section.keptEnd))
      guard let damage = section.damage else { return }
      if damage.isCut {
        for exchange in section.recovered { add(.bytes(try bytes(of: exchange))) }
        add(.lostText(damage.rest))
        return
      }
      let next = try Self.next(in: file, behind: damage.byte, isCompressed: isCompressed) ?? size
      add(.lost(section.keptEnd..<next))
      start = next
    }
  }

  /// A new first line.
  func header(_ extra: [JSONValue.Member]) throws(CassetteError) -> [UInt8] {
    isCompressed
      ? try CassetteWriter.header(extra: extra)
      : CassetteHeader.line(extra: extra) + [UInt8(ascii: "\n")]
  }

  /// An exchange as it stands in the new file.
  func bytes(of exchange: Exchange) throws(CassetteError) -> [UInt8] {
    isCompressed
      ? try CassetteWriter.member(for: exchange) : try CassetteWriter.lines(for: exchange)
  }

  private mutating func add(_ piece: Piece) {
    switch piece {
    case .kept(let range) where range.isEmpty, .lost(let range) where range.isEmpty: return
    case .bytes(let bytes) where bytes.isEmpty, .lostText(let bytes) where bytes.isEmpty: return
    default: pieces.append(piece)
    }
  }

  /// Where the next exchange may begin.
  private static func next(
    in file: borrowing OpenFile, behind offset: Int, isCompressed: Bool
  ) throws(CassetteError) -> Int? {
    if isCompressed { return try file.firstOffset(of: memberStart, from: offset + 1) }
    return try file.firstOffset(of: requestStart, from: offset).map { $0 + 1 }
  }
}

extension CassetteRewrite {
  /// What can be read from one place on, up to damage.
  private struct Section {
    var isCompressed: Bool
    var header: [JSONValue.Member]
    var keptEnd: Int
    var damage: CassetteDamage?
    var recovered: [Exchange] = []

    init(
      of file: borrowing OpenFile, from start: Int, limits: CassetteLimits
    ) throws(CassetteError) {
      var reader = try CassetteReader(continuing: file, from: start, limits: limits)
      while try reader.next() != nil {}
      isCompressed = reader.isCompressed
      header = reader.header
      damage = reader.damage
      keptEnd = try file.status().size
      guard let damage else { return }
      // Lines of plain text are whole one by one, members only together with their checksum.
      keptEnd = isCompressed ? reader.whole.byte : damage.byte
      guard isCompressed, damage.isCut else { return }
      let whole = reader.whole.exchanges
      var again = try CassetteReader(continuing: file, from: start, limits: limits)
      var count = 0
      while let exchange = try again.next() {
        count += 1
        if count > whole { recovered.append(exchange) }
      }
    }
  }
}

extension CassetteReader {
  /// Reads a file that is open and locked from an offset on, recovering.
  init(
    continuing file: borrowing OpenFile, from offset: Int, limits: CassetteLimits
  ) throws(CassetteError) {
    let copy = try OpenFile(reading: file.path)
    guard try copy.status().inode == file.status().inode else {
      throw CassetteError(.system, "was replaced while it was locked", path: file.path)
    }
    try copy.seek(to: offset)
    try self.init(
      ByteSource(copy, offset: offset), path: file.path, limits: limits, recovering: true,
      isContinuing: offset > 0)
  }
}

extension OpenFile {
  /// The first place at or behind an offset where some bytes stand, or nil.
  func firstOffset(of pattern: [UInt8], from offset: Int) throws(CassetteError) -> Int? {
    let block = 256 << 10
    var window: [UInt8] = []
    var windowStart = offset
    try seek(to: offset)
    while true {
      let more = try bytes(upTo: block)
      window += more
      if let found = window.firstIndex(ofSequence: pattern) { return windowStart + found }
      if more.isEmpty { return nil }
      let dropped = max(0, window.count - pattern.count + 1)
      window.removeFirst(dropped)
      windowStart += dropped
    }
  }

  /// The next bytes; none at the end.
  func bytes(upTo count: Int) throws(CassetteError) -> [UInt8] {
    var failure: CassetteError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(CassetteError) {
        filled = try read(into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }
}

extension [UInt8] {
  /// The first index at which a sequence of bytes begins, or nil.
  fileprivate func firstIndex(ofSequence pattern: [UInt8]) -> Int? {
    guard let first = pattern.first, count >= pattern.count else { return nil }
    var index = 0
    while let found = self[index...(count - pattern.count)].firstIndex(of: first) {
      if self[found...].starts(with: pattern) { return found }
      index = found + 1
      if index > count - pattern.count { return nil }
    }
    return nil
  }
}
