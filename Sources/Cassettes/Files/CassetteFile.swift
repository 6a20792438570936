public import LosslessJSON

/// Cassettes on disk, as whole files that exchanges are added to.
public enum CassetteFile {
  /// Adds an exchange to a cassette, which is created where there is none.
  ///
  /// Several threads and processes may add to one cassette: exchanges are never mixed. A last
  /// member that is incomplete keeps its whole lines; only the rest of it goes to `NAME.lost`. A
  /// plain text cassette gets plain lines.
  ///
  /// - Parameters:
  ///   - exchange: An exchange that keeps the rules of the format. It is written as it is, not
  ///     redacted.
  ///   - path: The cassette; its directory must exist.
  ///   - superseded: Exchanges that the cassette may hold, in whose place it comes. The file is
  ///     then replaced at once by one without them, in which all others are as they were.
  /// - Throws: An error of kind `badData` where the file is no cassette, is damaged elsewhere than
  ///   at its end or needs a newer version, or one of kind `system`. The file is then as it was.
  public static func add(
    _ exchange: Exchange, to path: String, insteadOf superseded: [Exchange] = []
  ) throws(CassetteError) {
    let lines = try CassetteWriter.lines(for: exchange)
    let member = try Deflater.member(of: lines)
    // A link that leads to nothing yet has a name that cannot be linked to.
    let path = FileSystem.resolved(path)
    // Each round means that somebody else created or replaced the file just then.
    for _ in 0..<100 {
      guard let file = try OpenFile.existing(path) else {
        if try create(path, bytes: CassetteWriter.header() + member) { return }
        continue
      }
      try file.lock()
      guard try file.isStillNamed() else { continue }
      if !superseded.isEmpty {
        var replacement = CassetteReplacement(of: superseded, by: (lines, member))
        switch try replacement.perform(on: file) {
        case .replaced: return
        case .repaired: continue
        case .unneeded: break
        }
      }
      return try append(lines: lines, member: member, to: file)
    }
    throw CassetteError(.system, "keeps being replaced by other processes: try again", path: path)
  }

  /// Makes an exchange the only one of a cassette, at once; the cassette is created where there is
  /// none.
  ///
  /// - Parameters:
  ///   - exchange: An exchange that keeps the rules of the format.
  ///   - path: The cassette; what it held is lost.
  /// - Throws: As of `add`. The file is then as it was.
  static func replace(with exchange: Exchange, at path: String) throws(CassetteError) {
    let lines = try CassetteWriter.lines(for: exchange)
    let bytes = try CassetteWriter.header() + Deflater.member(of: lines)
    let path = FileSystem.resolved(path)
    // As where an exchange is added.
    for _ in 0..<100 {
      guard let old = try OpenFile.existing(path) else {
        if try create(path, bytes: bytes) { return }
        continue
      }
      try old.lock()
      guard try old.isStillNamed() else { continue }
      let draft = try OpenFile.locked(beside: path, as: .draft)
      defer { FileSystem.remove(draft.path) }
      draft.copyPermissions(of: old)
      try draft.write(bytes)
      try draft.sync()
      try FileSystem.replace(path, with: draft.path)
      return try FileSystem.syncDirectory(of: path)
    }
    throw CassetteError(.system, "keeps being replaced by other processes: try again", path: path)
  }

  /// Creates a cassette at once, whole and on disk.
  ///
  /// - Parameters:
  ///   - path: Where nothing may be yet.
  ///   - exchanges: Its exchanges, in order.
  ///   - extra: Keys of the first line that this version does not know.
  /// - Throws: An error of kind `exists` where something is there.
  public static func create(
    _ path: String, exchanges: [Exchange], extra: [JSONValue.Member] = []
  ) throws(CassetteError) {
    let bytes = try CassetteWriter.cassette(of: exchanges, extra: extra)
    guard try create(path, bytes: bytes) else {
      throw CassetteError(.exists, "already exists", path: path)
    }
  }

  /// Creates a file with all its bytes, and says whether nothing was there.
  private static func create(_ path: String, bytes: [UInt8]) throws(CassetteError) -> Bool {
    let file = try OpenFile.locked(beside: path, as: .draft)
    defer { FileSystem.remove(file.path) }
    try file.write(bytes)
    try file.sync()
    let code = FileSystem.link(file.path, to: path)
    if FileSystem.isTaken(code) { return false }
    if code != 0 {
      // Some file systems have no links. An empty file is one to append to, for us or for others.
      do throws(CassetteError) {
        let file = try OpenFile(creating: path)
        try file.lock()
        guard try file.status().size == 0 else { return false }
        try file.append(bytes)
        try file.sync()
      } catch {
        guard error.kind == .exists else { throw error }
        return false
      }
    }
    try FileSystem.syncDirectory(of: path)
    KnownTails.shared.remember(try file.status(), tail: CassetteTail(isCompressed: true))
    return true
  }

  /// Adds to a file that is locked.
  private static func append(
    lines: [UInt8], member: [UInt8], to file: borrowing OpenFile
  ) throws(CassetteError) {
    let status = try file.status()
    guard status.size > 0 else {
      try file.append(CassetteWriter.header() + member)
      return try file.sync()
    }
    let tail = try CassetteTail.of(file, status: status)
    switch tail.damage {
    case nil:
      let feed: [UInt8] = [UInt8(ascii: "\n")]
      if tail.isCompressed {
        try file.append((tail.lacksLineFeed ? Deflater.member(of: feed) : []) + member)
      } else {
        try file.append((tail.lacksLineFeed ? feed : []) + lines)
      }
      try file.sync()
      KnownTails.shared.remember(
        try file.status(), tail: CassetteTail(isCompressed: tail.isCompressed))
    case let damage? where damage.isCut:
      var rewrite = try CassetteRewrite(repairing: file, limits: .unbounded)
      rewrite.pieces.append(.bytes(rewrite.isCompressed ? member : lines))
      try rewrite.perform(on: file, keepingOriginal: false)
    case let damage?:
      throw CassetteError(
        .badData, damage.reason, path: file.path, line: damage.line, byte: damage.byte)
    }
    try FileSystem.syncDirectory(of: file.path)
  }
}
