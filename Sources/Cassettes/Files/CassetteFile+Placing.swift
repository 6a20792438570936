extension CassetteFile {
  /// What is done with a file that is there.
  enum Step {
    /// It is as it should be.
    case done
    /// It is not the file of that name any more: the name is looked up anew.
    case again
  }

  /// Creates a cassette or changes the one that is there, whatever others do meanwhile.
  ///
  /// - Parameters:
  ///   - path: The cassette.
  ///   - create: Puts a new file there, and says whether nothing was there.
  ///   - change: Works on the file that is there, which is locked.
  /// - Throws: What these throw, or an error of kind `system`.
  static func settle(
    _ path: String, create: (String) throws(CassetteError) -> Bool,
    change: (borrowing OpenFile) throws(CassetteError) -> Step
  ) throws(CassetteError) {
    // A link that leads to nothing yet has a name that cannot be linked to.
    let path = FileSystem.resolved(path)
    // Each round means that somebody else created or replaced the file just then.
    for _ in 0..<100 {
      guard let file = try OpenFile.existing(path) else {
        if try create(path) { return }
        continue
      }
      try file.lock()
      guard try file.isStillNamed() else { continue }
      if try change(file) == .done { return }
    }
    throw CassetteError(.system, "keeps being replaced by other processes: try again", path: path)
  }

  /// Creates a file with all its bytes, and says whether nothing was there.
  static func create(_ path: String, bytes: [UInt8]) throws(CassetteError) -> Bool {
    let draft = try OpenFile.locked(beside: path, as: .draft)
    defer { FileSystem.remove(draft.path) }
    try draft.write(bytes)
    return try place(draft, at: path)
  }

  /// Puts a compressed cassette that stands beside a path there, and says whether nothing was
  /// there.
  static func place(
    _ draft: borrowing OpenFile, at path: String
  ) throws(CassetteError) -> Bool {
    try draft.sync()
    let status = try draft.status()
    let code = FileSystem.link(draft.path, to: path)
    if FileSystem.isTaken(code) { return false }
    if code == 0 {
      KnownTails.shared.remember(status, tail: CassetteTail(isCompressed: true))
    } else {
      // Some file systems have no links. An empty file is one to append to, for us or for others.
      do throws(CassetteError) {
        let file = try OpenFile(creating: path)
        try file.lock()
        guard try file.status().size == 0 else { return false }
        try file.appending { (file) throws(CassetteError) in
          try draft.copy(0..<status.size, to: file)
        }
        try file.sync()
        KnownTails.shared.remember(try file.status(), tail: CassetteTail(isCompressed: true))
      } catch {
        guard error.kind == .exists else { throw error }
        return false
      }
    }
    try FileSystem.syncDirectory(of: path)
    return true
  }
}
