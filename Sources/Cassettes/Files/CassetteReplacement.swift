/// Puts one exchange in the place of others, in a file that is locked.
///
/// What is not replaced keeps its bytes. Where one gzip member holds several exchanges, those of
/// them that stay get members of their own.
struct CassetteReplacement {
  /// What was done.
  enum Outcome {
    /// The new exchange is in the file, and the old ones are not.
    case replaced
    /// None of the old ones is in the file, which is as it was.
    case unneeded
    /// The file was cut off, and another is in its place which is whole; nothing else is done.
    case repaired
  }

  private var superseded: [Exchange]
  private let lines: [UInt8]
  private let member: [UInt8]
  private var rewrite = CassetteRewrite()
  /// Whether the new exchange has its place.
  private var isPlaced = false

  /// Creates a replacement.
  ///
  /// - Parameters:
  ///   - superseded: The exchanges that make room; the new one stands where the first of them is.
  ///   - new: The new exchange, as lines and as a gzip member.
  init(of superseded: [Exchange], by new: (lines: [UInt8], member: [UInt8])) {
    self.superseded = superseded
    (lines, member) = new
  }

  /// Replaces the file with one that has the new exchange in place of the old.
  ///
  /// - Throws: An error of kind `badData` where the file is damaged elsewhere than at its end, or
  ///   one of kind `system`. The file is then as it was.
  mutating func perform(on file: borrowing OpenFile) throws(CassetteError) -> Outcome {
    let size = try file.status().size
    guard size > 0 else { return .unneeded }
    var reader = try CassetteReader(continuing: file, from: 0, limits: .unbounded)
    rewrite.isCompressed = reader.isCompressed
    // The first line of plain text; a compressed one is a member of its own, or part of the next.
    var start = reader.whole.byte
    if start > 0 { rewrite.pieces.append(.kept(0..<start)) }
    // Whether each is old of those since the last place at which a file can be cut; they themselves
    // may be as many as the file has.
    var open: [Bool] = []
    var count = 0
    while let exchange = try reader.next() {
      count += 1
      let whole = reader.whole
      if whole.exchanges == count - 1, whole.byte > start {
        try add(open, at: start..<whole.byte, of: file)
        (open, start) = ([], whole.byte)
      }
      open.append(isSuperseded(exchange))
      if whole.exchanges == count, whole.byte > start {
        try add(open, at: start..<whole.byte, of: file)
        (open, start) = ([], whole.byte)
      }
    }
    if let damage = reader.damage {
      guard damage.isCut else {
        throw CassetteError(
          .badData, damage.reason, path: file.path, line: damage.line, byte: damage.byte)
      }
      try CassetteRewrite(repairing: file, limits: .unbounded)
        .perform(on: file, keepingOriginal: false)
      return .repaired
    }
    try add(open, at: start..<size, of: file)
    guard isPlaced else { return .unneeded }
    try rewrite.perform(on: file, keepingOriginal: false)
    return .replaced
  }

  /// Takes over a part of the file that holds exchanges, each of which is old or stays.
  private mutating func add(
    _ isOld: [Bool], at range: Range<Int>, of file: borrowing OpenFile
  ) throws(CassetteError) {
    guard isOld.contains(true) else {
      // Neighbours are copied together.
      if case .kept(let before)? = rewrite.pieces.last, before.upperBound == range.lowerBound {
        rewrite.pieces[rewrite.pieces.count - 1] = .kept(before.lowerBound..<range.upperBound)
      } else {
        rewrite.pieces.append(.kept(range))
      }
      return
    }
    // They are read a second time, one by one.
    var reader = try CassetteReader(continuing: file, from: range.lowerBound, limits: .unbounded)
    if range.lowerBound == 0 { rewrite.pieces.append(.bytes(try rewrite.header(reader.header))) }
    for isOld in isOld {
      guard let exchange = try reader.next() else {
        throw CassetteError(.system, "became shorter while it was locked", path: file.path)
      }
      if !isOld {
        rewrite.pieces.append(.bytes(try rewrite.bytes(of: exchange)))
      } else if !isPlaced {
        rewrite.pieces.append(.bytes(rewrite.isCompressed ? member : lines))
        isPlaced = true
      }
    }
  }

  /// Whether an exchange is one of those that make room, each of which stands for one.
  private mutating func isSuperseded(_ exchange: Exchange) -> Bool {
    let place = superseded.firstIndex { old in
      old.request == exchange.request && old.head?.status == exchange.head?.status
        && old.ending.how == exchange.ending.how
    }
    guard let place else { return false }
    superseded.remove(at: place)
    return true
  }
}
