extension CassetteChecker {
  /// Makes a damaged cassette whole, and adds the recordings beside it that nobody finished.
  ///
  /// Whole members stay byte for byte; see `CassetteRewrite`. The file as it was is kept beside it. Nothing
  /// happens to a cassette that is whole and has no orphans.
  ///
  /// - Parameters:
  ///   - path: The cassette.
  ///   - limits: What is taken before the file is refused.
  /// - Returns: What was done.
  /// - Throws: An error of kind `badData` where the file is no cassette or needs a newer version, one of
  ///   kind `noInput` where neither it nor an orphan of it is there, or one of kind `system`.
  public static func repair(
    path: String, limits: CassetteLimits = .init()
  ) throws(CassetteError) -> RepairReport {
    var report = RepairReport(path: path)
    let orphans = SideFile.spool.all(beside: path)
    if OpenFile.Status(path: path) == nil, orphans.isEmpty {
      throw CassetteError(.noInput, "is not there", path: path)
    }
    try repairFile(limits: limits, report: &report)
    for orphan in orphans {
      guard let spool = try OpenFile.orphan(orphan) else { continue }
      report.lostBytes += try adopt(spool, into: path, limits: limits)
      FileSystem.remove(orphan)
      report.adopted.append(orphan)
    }
    // What was in a draft is still in a spool, or in the file that it was to replace.
    for draft in SideFile.draft.all(beside: path) where try OpenFile.orphan(draft) != nil {
      FileSystem.remove(draft)
    }
    return report
  }

  private static func repairFile(
    limits: CassetteLimits, report: inout RepairReport
  ) throws(CassetteError) {
    for _ in 0..<100 {
      guard let file = try OpenFile.existing(report.path) else { return }
      try file.lock()
      guard try file.isStillNamed() else { continue }
      var reader = try CassetteReader(continuing: file, from: 0, limits: limits)
      while try reader.next() != nil {}
      guard reader.damage != nil else { return }
      let rewrite = try CassetteRewrite(repairing: file, limits: limits)
      report.lostBytes = rewrite.lostBytes
      report.original = try rewrite.perform(on: file, keepingOriginal: true)
      return
    }
    throw CassetteError(.system, "is replaced by others all the time", path: report.path)
  }

  /// Adds what is in a spool to its cassette, and returns how many bytes of it are lost.
  private static func adopt(
    _ spool: borrowing OpenFile, into path: String, limits: CassetteLimits
  ) throws(CassetteError) -> Int {
    var reader = try CassetteReader(continuing: spool, from: 0, limits: limits)
    while let exchange = try reader.next() {
      if try !has(exchange, path: path, limits: limits) {
        try CassetteFile.add(exchange, to: path)
      }
    }
    guard let rest = reader.damage?.rest, !rest.isEmpty else { return 0 }
    let lost = try OpenFile(appendingTo: path + ".lost")
    try lost.write(rest)
    try lost.sync()
    return rest.count
  }

  /// Whether a cassette has an exchange already: a recorder may die after it added it.
  private static func has(
    _ exchange: Exchange, path: String, limits: CassetteLimits
  ) throws(CassetteError) -> Bool {
    guard OpenFile.Status(path: path) != nil else { return false }
    var reader = try CassetteReader(path: path, limits: limits)
    while let other = try reader.next() {
      if other == exchange { return true }
    }
    return false
  }
}
