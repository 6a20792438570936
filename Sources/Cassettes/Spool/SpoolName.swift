/// The files that recordings in progress are kept in, by their names.
enum SpoolName {
  /// What a spool's name ends with.
  static let ending = "part"

  /// The spools beside a cassette, whether they are in use or not.
  static func all(beside target: String) -> [String] {
    let (directory, name) = FileSystem.split(target)
    return FileSystem.names(in: directory)
      .filter { isSpool($0, of: name) }
      .map { target.utf8.contains(UInt8(ascii: "/")) ? directory + "/" + $0 : $0 }
  }

  /// The spools beside a cassette that nobody writes any more.
  static func orphans(beside target: String) -> [String] {
    all(beside: target).filter { path in
      guard let file = try? OpenFile(reading: path) else { return false }
      return file.tryLock()
    }
  }

  /// Whether a name is `TARGET.PID-N.part`.
  static func isSpool(_ name: String, of target: String) -> Bool {
    guard name.hasPrefix(target + "."), name.hasSuffix("." + ending) else { return false }
    let numbers = name.dropFirst(target.count + 1).dropLast(ending.count + 1)
      .split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2
      && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }
}

extension OpenFile {
  /// Whether its path still leads to it.
  func isStillNamed() throws(CassetteError) -> Bool {
    let named = Status(path: path)
    let own = try status()
    return named?.inode == own.inode && named?.device == own.device
  }
}
