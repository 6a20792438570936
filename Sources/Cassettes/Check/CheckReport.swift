/// What a check found about one cassette.
public struct CheckReport: Hashable, Sendable {
  /// The path that was checked.
  public var path: String

  /// How many exchanges could be read.
  public var exchanges: Int

  /// What was found: the file first, then by exchange, then what exchanges say together.
  public var findings: [CheckFinding]

  /// Creates a report from its parts.
  public init(path: String, exchanges: Int = 0, findings: [CheckFinding] = []) {
    self.path = path
    self.exchanges = exchanges
    self.findings = findings
  }

  /// Whether nothing was found for which the check fails.
  public var isGood: Bool { !findings.contains(where: \.isFailure) }
}

/// What a repair did to one cassette.
public struct RepairReport: Hashable, Sendable {
  /// The path that was repaired.
  public var path: String

  /// Where the file is kept as it was, or nil where it was whole and has not been touched.
  public var original: String?

  /// How many bytes went to `NAME.lost`.
  public var lostBytes: Int

  /// The path of that file.
  public var lostPath: String { FileSystem.path(beside: path, ending: ".lost") }

  /// The recordings beside it that were added to it and removed.
  public var adopted: [String]

  /// The recordings beside it that were removed without adding anything: they hold no exchange that
  /// the cassette did not have.
  public var superfluous: [String]

  /// Creates a report from its parts.
  public init(
    path: String, original: String? = nil, lostBytes: Int = 0, adopted: [String] = [],
    superfluous: [String] = []
  ) {
    self.path = path
    self.original = original
    self.lostBytes = lostBytes
    self.adopted = adopted
    self.superfluous = superfluous
  }
}
