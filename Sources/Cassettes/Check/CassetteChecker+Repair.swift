extension CassetteChecker {
  /// Makes a damaged cassette whole, and adds the recordings beside it that nobody finished.
  ///
  /// Whole members stay byte for byte; see `CassetteRewrite`. The file as it was is kept beside it.
  /// Nothing happens to a cassette that is whole and has no orphans. An exchange that is in the
  /// cassette already is not added again; where the orphan has more of it, that goes to
  /// `NAME.lost`.
  ///
  /// - Parameters:
  ///   - path: The cassette.
  ///   - limits: What is taken before the file is refused.
  /// - Returns: What was done.
  /// - Throws: An error of kind `badData` where the file is no cassette or needs a newer version,
  ///   one of kind `noInput` where neither it nor an orphan of it is there, or one of kind
  ///   `system`.
  public static func repair(
    path: String, limits: CassetteLimits = .init()
  ) throws(CassetteError) -> RepairReport {
    var report = RepairReport(path: path)
    let orphans = SideFile.spool.all(beside: path)
    if OpenFile.Status(path: path) == nil, orphans.isEmpty {
      throw CassetteError(.noInput, "does not exist", path: path)
    }
    try repairFile(limits: limits, report: &report)
    for orphan in orphans {
      guard let spool = try OpenFile.orphan(orphan) else { continue }
      let adoption = try adopt(spool, into: path, limits: limits)
      report.lostBytes += adoption.lostBytes
      FileSystem.remove(orphan)
      if adoption.hasAdded {
        report.adopted.append(orphan)
      } else {
        report.superfluous.append(orphan)
      }
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
    throw CassetteError(
      .system, "keeps being replaced by other processes: try again", path: report.path)
  }

  /// What became of the exchanges of one spool.
  private struct Adoption {
    var hasAdded = false
    var lostBytes = 0
  }

  /// Adds what is in a spool to its cassette, but for what is there already.
  private static func adopt(
    _ spool: borrowing OpenFile, into path: String, limits: CassetteLimits
  ) throws(CassetteError) -> Adoption {
    var adoption = Adoption()
    var lost: [UInt8] = []
    var isLastWhole = false
    var reader = try CassetteReader(continuing: spool, from: 0, limits: limits)
    while let exchange = try reader.next() {
      let presence = try presence(of: exchange, in: path, limits: limits)
      isLastWhole = presence == .whole
      switch presence {
      case .none:
        try CassetteFile.add(exchange, to: path)
        adoption.hasAdded = true
      case .whole: continue
      case .lessOrOther: lost += try CassetteWriter.lines(for: exchange)
      }
    }
    // A line that is cut off is the beginning of one that the cassette has, where it has those
    // before.
    if let damage = reader.damage, !(isLastWhole && damage.isCut) { lost += damage.rest }
    guard !lost.isEmpty else { return adoption }
    let file = try OpenFile(appendingTo: FileSystem.path(beside: path, ending: ".lost"))
    try file.write(lost)
    try file.sync()
    adoption.lostBytes = lost.count
    return adoption
  }

  /// How much of an exchange a cassette has.
  private enum Presence {
    case none, whole
    /// The exchange is there, but the other file has something of it that the cassette has not.
    case lessOrOther
  }

  /// Looks for an exchange in a cassette by its identity.
  ///
  /// A recorder may die between adding an exchange and removing its spool, and a spool that was
  /// copied meanwhile may be put back: neither is another exchange.
  private static func presence(
    of exchange: Exchange, in path: String, limits: CassetteLimits
  ) throws(CassetteError) -> Presence {
    guard OpenFile.Status(path: path) != nil else { return .none }
    var presence = Presence.none
    var reader = try CassetteReader(path: path, limits: limits)
    while let other = try reader.next() {
      guard other.request.id == exchange.request.id, other.request.at == exchange.request.at
      else { continue }
      if exchange.isBeginning(of: other) { return .whole }
      presence = .lessOrOther
    }
    return presence
  }
}

extension Exchange {
  /// Whether the other has all that this one has: this one is it, or was interrupted on the way to
  /// it.
  func isBeginning(of other: Exchange) -> Bool {
    if self == other { return true }
    return request == other.request && ending.how == .interrupted
      && (head == nil || head == other.head) && other.body.starts(with: body)
      && other.chunks.starts(with: chunks) && (trailers == nil || trailers == other.trailers)
      && other.asides.starts(with: asides)
  }
}
