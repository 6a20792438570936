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
    try settle(path) { (path) throws(CassetteError) in
      try create(path, bytes: CassetteWriter.header() + member)
    } change: { (file) throws(CassetteError) in
      if !superseded.isEmpty {
        var replacement = CassetteReplacement(of: superseded, by: (lines, member))
        switch try replacement.perform(on: file) {
        case .replaced: return .done
        case .repaired: return .again
        case .unneeded: break
        }
      }
      try CassetteAddition.exchange(lines: lines, member: member).append(to: file)
      return .done
    }
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
    try settle(path) { (path) throws(CassetteError) in
      try create(path, bytes: bytes)
    } change: { (old) throws(CassetteError) in
      let draft = try OpenFile.locked(beside: old.path, as: .draft)
      defer { FileSystem.remove(draft.path) }
      draft.copyPermissions(of: old)
      try draft.write(bytes)
      try draft.sync()
      try FileSystem.replace(old.path, with: draft.path)
      try FileSystem.syncDirectory(of: old.path)
      return .done
    }
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
}
