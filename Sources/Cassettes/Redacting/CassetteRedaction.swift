internal import LosslessJSON
package import Redaction

/// Covers the secrets of a cassette, in place and at once.
///
/// Of an exchange only the lines change in which something is covered; what holds no secret keeps
/// its bytes on disk, and so does what this version does not know.
package struct CassetteRedaction {
  /// What is covered.
  package var rules: RedactionRules
  /// What is taken before the file is refused.
  package var limits: CassetteLimits

  /// Creates a redaction.
  package init(rules: RedactionRules = .standard, limits: CassetteLimits = .init()) {
    self.rules = rules
    self.limits = limits
  }

  /// Redacts a cassette, or a recording that nobody finished.
  ///
  /// Whoever adds to the cassette meanwhile waits. The file as it was is kept nowhere.
  ///
  /// - Parameters:
  ///   - path: The file; a symbolic link stays one.
  ///   - isTrial: Whether the file stays as it is, and only what would be covered is told.
  /// - Returns: What was covered.
  /// - Throws: An error of kind `noInput` where there is no such file, of kind `badData` where it
  ///   is damaged or no cassette, or one of kind `system`. The file is then as it was.
  @discardableResult
  package func redact(path: String, isTrial: Bool = false) throws(CassetteError) -> RedactionReport
  {
    for _ in 0..<100 {
      let file = try Self.opened(path, isTrial: isTrial)
      try Self.lock(file)
      guard try file.isStillNamed() else { continue }
      let work = try RedactedFile(file, path: path, rules: rules, limits: limits)
      guard !isTrial else { return work.report }
      // What is in a draft that nobody finished is in the file, too.
      for draft in SideFile.draft.orphans(beside: FileSystem.resolved(path)) {
        FileSystem.remove(draft)
      }
      guard work.report.isChanged else { return work.report }
      do throws(CassetteError) {
        try work.rewrite.perform(on: file, keepingOriginal: false)
      } catch {
        throw Self.asItWas(error, path: path)
      }
      return work.report
    }
    throw CassetteError(.system, "keeps being replaced by other processes: try again", path: path)
  }

  private static func opened(_ path: String, isTrial: Bool) throws(CassetteError) -> OpenFile {
    if !isTrial, let file = try OpenFile.existing(path) { return file }
    return try OpenFile(reading: path)
  }

  /// A recording is locked as long as its recorder lives, a cassette while it is added to.
  private static func lock(_ file: borrowing OpenFile) throws(CassetteError) {
    guard file.path.hasSuffix(".\(SideFile.spool.rawValue)") else { return try file.lock() }
    guard file.tryLock() else {
      throw CassetteError(
        .system, "is still being recorded: redact the cassette when that has ended",
        path: file.path)
    }
  }

  private static func asItWas(_ error: CassetteError, path: String) -> CassetteError {
    guard error.kind == .system else { return error }
    let draft = error.path.split(separator: "/").last.map { " (\($0))" } ?? ""
    return CassetteError(
      .system, "is as it was, because a new file beside it\(draft) \(error.reason)", path: path)
  }
}

/// What a redaction covered in one file.
package struct RedactionReport: Hashable, Sendable {
  /// Secrets of one kind at one place.
  package struct Covered: Hashable, Sendable {
    /// The exchange, from 1, or nil for the file's first line.
    package var exchange: Int?
    /// The kind's name, such as `anthropicKey`; `rule` is what a user's rules say.
    package var kind: String
    /// The kind in words.
    package var words: String
    /// Where in the exchange.
    package var place: String
    /// How many.
    package var count: Int
  }

  /// The path that was given.
  package var path: String
  /// How many exchanges it has.
  package var exchanges = 0
  /// The numbers of those in which something was covered, from 1.
  package var changed: [Int] = []
  /// What was covered, in order.
  package var covered: [Covered] = []
  /// What stands beside the cassette and was not looked into.
  package var notes: [String] = []

  /// Whether anything had to be covered.
  package var isChanged: Bool { !covered.isEmpty }

  init(path: String) { self.path = path }

  /// Adds what was found, those of one kind and place together.
  mutating func add(_ findings: [Covered]) {
    for finding in findings {
      let same = covered.lastIndex {
        $0.exchange == finding.exchange && $0.kind == finding.kind && $0.place == finding.place
      }
      if let same, covered[same].exchange == finding.exchange {
        covered[same].count += finding.count
      } else {
        covered.append(finding)
      }
    }
  }
}
