/// A cassette made anew from the parts of a damaged one that can be kept.
struct CassetteRewrite {
  /// One part of the new file, or of what does not go there.
  enum Piece: Hashable {
    /// Bytes of the old file, as they are.
    case kept(Range<Int>)
    /// New bytes.
    case bytes([UInt8])
    /// Bytes of the old file that go to `NAME.lost`.
    case lost(Range<Int>)
    /// Text out of the old file that goes to `NAME.lost`.
    case lostText([UInt8])
  }

  /// The parts, in order.
  var pieces: [Piece] = []

  /// Whether the new file is compressed.
  var isCompressed = true

  /// Writes the new file and puts it in the place of the old one, at once.
  ///
  /// - Parameters:
  ///   - file: The old file, locked.
  ///   - keepingOriginal: Whether the old one stays, as `NAME.orig` or `NAME.orig.2` and so on.
  ///   - addition: What comes behind the parts.
  /// - Returns: The path of the original, where it was kept.
  /// - Throws: An error of kind `system`; the old file is then as it was.
  @discardableResult
  func perform(
    on file: borrowing OpenFile, keepingOriginal: Bool, adding addition: CassetteAddition? = nil
  ) throws(CassetteError) -> String? {
    let path = FileSystem.resolved(file.path)
    let draft = try OpenFile.locked(beside: path, as: .draft)
    defer { FileSystem.remove(draft.path) }
    draft.copyPermissions(of: file)
    try write(to: draft, from: file)
    try addition?.write(draft, isCompressed)
    try draft.sync()
    try saveLost(from: file, beside: path)
    let original = keepingOriginal ? try Self.keep(path) : nil
    try FileSystem.replace(path, with: draft.path)
    try FileSystem.syncDirectory(of: path)
    return original
  }

  /// The bytes that go to `NAME.lost`.
  var lostBytes: Int {
    pieces.reduce(0) { sum, piece in
      switch piece {
      case .lost(let range): sum + range.count
      case .lostText(let text): sum + text.count
      case .kept, .bytes: sum
      }
    }
  }

  private func write(
    to draft: borrowing OpenFile, from file: borrowing OpenFile
  ) throws(CassetteError) {
    for piece in pieces {
      switch piece {
      case .kept(let range): try file.copy(range, to: draft)
      case .bytes(let bytes): try draft.write(bytes)
      case .lost, .lostText: continue
      }
    }
  }

  private func saveLost(
    from file: borrowing OpenFile, beside path: String
  ) throws(CassetteError) {
    guard lostBytes > 0 else { return }
    let lost = try OpenFile(appendingTo: FileSystem.path(beside: path, ending: ".lost"))
    for piece in pieces {
      switch piece {
      case .lost(let range): try file.copy(range, to: lost)
      case .lostText(let text): try lost.write(text)
      case .kept, .bytes: continue
      }
    }
    try lost.sync()
  }

  /// Gives a file a second name that stays when the first is taken from it.
  private static func keep(_ path: String) throws(CassetteError) -> String {
    for number in 1...10_000 {
      let name = FileSystem.path(
        beside: path, ending: number == 1 ? ".orig" : ".orig.\(number)")
      let code = FileSystem.link(path, to: name)
      if code == 0 { return name }
      guard FileSystem.isTaken(code) else {
        throw CassetteError(
          .system, "the original cannot be kept as \(name): \(OpenFile.text(of: code))", path: path)
      }
    }
    throw CassetteError(
      .system, "has too many originals beside it already: remove some", path: path)
  }
}
