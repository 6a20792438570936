internal import LosslessJSON
internal import Redaction

/// A cassette as it is without its secrets, in pieces that are kept and pieces that are new.
struct RedactedFile {
  private(set) var rewrite = CassetteRewrite()
  private(set) var report: RedactionReport

  private let path: String
  private let rules: RedactionRules
  private let limits: CassetteLimits

  /// Reads a file that is locked.
  ///
  /// - Throws: An error of kind `badData` where it is damaged.
  init(
    _ file: borrowing OpenFile, path: String, rules: RedactionRules, limits: CassetteLimits
  ) throws(CassetteError) {
    self.path = path
    self.rules = rules
    self.limits = limits
    report = RedactionReport(path: path)
    report.notes = Self.leftovers(beside: path)
    try read(file)
  }

  private mutating func read(_ file: borrowing OpenFile) throws(CassetteError) {
    let size = try file.status().size
    var reader = try CassetteReader(continuing: file, from: 0, limits: limits)
    rewrite.isCompressed = reader.isCompressed
    let covered = Self.covered(inHeader: reader.header, rules)
    report.add(covered)
    // Where it can be cut, it is: what one part has no secret in is copied as it is.
    var start = 0
    var first = 0
    var hasSecrets = !covered.isEmpty
    while let exchange = try reader.next() {
      report.exchanges += 1
      let whole = reader.whole
      if whole.exchanges == report.exchanges - 1, whole.byte > start {
        try add(start..<whole.byte, behind: first, hasSecrets, of: file)
        (start, first, hasSecrets) = (whole.byte, whole.exchanges, false)
      }
      if isChanged(exchange) { hasSecrets = true }
      if whole.exchanges == report.exchanges, whole.byte > start {
        try add(start..<whole.byte, behind: first, hasSecrets, of: file)
        (start, first, hasSecrets) = (whole.byte, whole.exchanges, false)
      }
    }
    if let damage = reader.damage { throw refusal(of: damage) }
    if start < size { try add(start..<size, behind: first, hasSecrets, of: file) }
  }

  private func refusal(of damage: CassetteDamage) -> CassetteError {
    let repair = "run 'tapedeck check --repair \(path)'"
    let isSaid = damage.reason.contains(repair)
    return CassetteError(
      .badData, isSaid ? damage.reason : "\(damage.reason): \(repair) first", path: path,
      line: damage.line, byte: damage.byte)
  }

  /// Notes what is covered in an exchange, and says whether anything is.
  private mutating func isChanged(_ exchange: Exchange) -> Bool {
    var redacted = exchange
    Redactor.redact(&redacted, by: rules)
    guard redacted != exchange else { return false }
    report.changed.append(report.exchanges)
    report.add(CoveredSecrets(in: exchange, to: redacted, by: rules).found(report.exchanges))
    return true
  }

  private static func covered(
    inHeader extra: [JSONValue.Member], _ rules: RedactionRules
  ) -> [RedactionReport.Covered] {
    guard extra.redacted(by: rules) != extra else { return [] }
    let found = RedactionReport.Covered(
      exchange: nil, kind: "credential", words: "a credential", place: "the first line", count: 1)
    return [found]
  }

  /// What a cassette leaves beside it, and is not its own.
  private static func leftovers(beside path: String) -> [String] {
    var notes = SideFile.spool.orphans(beside: path).map {
      "the recording \($0) was not finished and is not redacted: run 'tapedeck check --repair "
        + "\(path)', then redact again"
    }
    let (directory, name) = FileSystem.split(path)
    let prefix = FileName.fitting(name)
    for other in FileSystem.names(in: directory)
    where other == prefix + ".lost" || other.hasPrefix(prefix + ".orig") {
      notes.append("\(other) stands beside \(path) and is not redacted: remove it if you can")
    }
    return notes
  }
}

// The pieces.
extension RedactedFile {
  private mutating func add(
    _ range: Range<Int>, behind exchanges: Int, _ hasSecrets: Bool, of file: borrowing OpenFile
  ) throws(CassetteError) {
    guard hasSecrets else {
      if case .kept(let before)? = rewrite.pieces.last, before.upperBound == range.lowerBound {
        rewrite.pieces[rewrite.pieces.count - 1] = .kept(before.lowerBound..<range.upperBound)
      } else {
        rewrite.pieces.append(.kept(range))
      }
      return
    }
    let text = try redacted(range, behind: exchanges, of: file)
    rewrite.pieces.append(
      .bytes(rewrite.isCompressed ? try Deflater.member(of: text) : text))
  }

  /// Reads a part of the file a second time, line by line.
  private func redacted(
    _ range: Range<Int>, behind exchanges: Int, of file: borrowing OpenFile
  ) throws(CassetteError) -> [UInt8] {
    let copy = try OpenFile(reading: file.path)
    try copy.seek(to: range.lowerBound)
    var source = try LineSource(
      ByteSource(copy, offset: range.lowerBound), limits: .unbounded)
    var lines = RedactedLines(
      behind: exchanges, rules: rules, expectsHeader: range.lowerBound == 0)
    do throws(LineSource.Failure) {
      while true {
        switch try source.next() {
        case .line(let line): try lines.take(Array(line))
        case .boundary:
          if source.diskOffset >= range.upperBound { return try lines.finish() }
          continue
        case .end:
          guard !source.pending.isEmpty else { return try lines.finish() }
          try lines.take(Array(source.takeRest()))
          return try lines.finish(lacksLineFeed: true)
        }
        if !source.isCompressed, source.diskOffset >= range.upperBound {
          return try lines.finish()
        }
      }
    } catch {
      throw source.description(of: error, path: path)
    }
  }
}
