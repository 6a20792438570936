/// The files that stand beside a cassette while it is written, named `TARGET.PID-N.ENDING`; of a
/// long name only the beginning is in theirs, and a hash.
///
/// Each is locked by its owner as long as it is in use: one whose lock can be had is an orphan.
enum SideFile: String {
  /// A recording in progress.
  case spool = "part"

  /// A cassette that is not whole yet and will be moved to its place.
  case draft = "new"

  /// The files of this kind beside a cassette, whether they are in use or not.
  func all(beside target: String) -> [String] {
    let (directory, name) = FileSystem.split(target)
    return FileSystem.names(in: directory)
      .filter { hasName($0, of: name) }
      .map { target.utf8.contains(UInt8(ascii: "/")) ? directory + "/" + $0 : $0 }
  }

  /// The files of this kind beside a cassette that nobody writes any more.
  func orphans(beside target: String) -> [String] {
    all(beside: target).filter { path in
      guard let file = try? OpenFile(reading: path) else { return false }
      return file.tryLock()
    }
  }

  /// The name of the cassette that a file of this kind stands beside, where it is a `.tape`, or
  /// nil.
  func target(of name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 1] == rawValue, parts[parts.count - 3] == "tape"
    else { return nil }
    return parts.dropLast(2).joined(separator: ".")
  }

  /// Whether a name is that of such a file beside a cassette of that name.
  func hasName(_ name: String, of target: String) -> Bool {
    let target = FileName.fitting(target)
    guard name.hasPrefix(target + "."), name.hasSuffix("." + rawValue) else { return false }
    let numbers = name.dropFirst(target.count + 1).dropLast(rawValue.count + 1)
      .split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2
      && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }
}

extension OpenFile {
  /// Creates a file beside a cassette, locked.
  static func locked(beside target: String, as kind: SideFile) throws(CassetteError) -> OpenFile {
    for _ in 0..<1_000 {
      let path = FileSystem.uniqueName(beside: target, ending: kind.rawValue)
      do throws(CassetteError) {
        let file = try OpenFile(creating: path)
        // Before it was locked it looked like an orphan, and may have been taken for one.
        if file.tryLock(), try file.isStillNamed() { return file }
      } catch {
        // Left over from a process that had our number.
        guard error.kind == .exists else { throw error }
      }
    }
    throw CassetteError(.system, "has no free name left for a file beside it", path: target)
  }

  /// Opens an orphan and locks it, or returns nil where it is in use or gone.
  static func orphan(_ path: String) throws(CassetteError) -> OpenFile? {
    guard let file = try? OpenFile(reading: path), file.tryLock(), try file.isStillNamed() else {
      return nil
    }
    return file
  }

  /// Whether its path still leads to it.
  func isStillNamed() throws(CassetteError) -> Bool {
    let named = Status(path: path)
    let own = try status()
    return named?.inode == own.inode && named?.device == own.device
  }
}
