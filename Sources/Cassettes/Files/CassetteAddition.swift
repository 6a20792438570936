/// What is added to the end of a cassette, whole or not at all.
struct CassetteAddition {
  /// Writes it where a file stands, as gzip members or else as plain lines.
  let write: (_ file: borrowing OpenFile, _ isCompressed: Bool) throws(CassetteError) -> Void

  /// An exchange, as lines and as a gzip member.
  static func exchange(lines: [UInt8], member: [UInt8]) -> CassetteAddition {
    CassetteAddition { (file, isCompressed) throws(CassetteError) in
      try file.write(isCompressed ? member : lines)
    }
  }

  /// Adds to a file that is locked.
  ///
  /// - Throws: An error of kind `badData` where it is no cassette or damaged elsewhere than at its
  ///   end, or of kind `system`. The file is then as it was.
  func append(to file: borrowing OpenFile) throws(CassetteError) {
    let status = try file.status()
    guard status.size > 0 else {
      try file.appending { (file) throws(CassetteError) in
        try file.write(CassetteWriter.header())
        try write(file, true)
      }
      return try file.sync()
    }
    let tail = try CassetteTail.of(file, status: status)
    switch tail.damage {
    case nil:
      try file.appending { (file) throws(CassetteError) in
        if tail.lacksLineFeed {
          let feed: [UInt8] = [UInt8(ascii: "\n")]
          try file.write(tail.isCompressed ? Deflater.member(of: feed) : feed)
        }
        try write(file, tail.isCompressed)
      }
      try file.sync()
      KnownTails.shared.remember(
        try file.status(), tail: CassetteTail(isCompressed: tail.isCompressed))
    case let damage? where damage.isCut:
      try CassetteRewrite(repairing: file, limits: .unbounded)
        .perform(on: file, keepingOriginal: false, adding: self)
    case let damage?:
      throw CassetteError(
        .badData, damage.reason, path: file.path, line: damage.line, byte: damage.byte)
    }
    try FileSystem.syncDirectory(of: file.path)
  }
}
