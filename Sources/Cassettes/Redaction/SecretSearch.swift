internal import JSON

/// Finds what has the shape of a key in bytes that grow, each byte examined a bounded number of
/// times.
///
/// What it finds does not depend on how the bytes were cut: a place where a secret may begin is
/// held until the bytes that decide it have come.
struct SecretSearch: Sendable {
  /// A secret, or the part of one that has come since the last call.
  struct Match {
    let kind: SecretKind
    let range: Range<Int>
    /// Whether it belongs to the secret that was reported before.
    var goesOn = false
  }

  /// Where a word begins: not at all, behind `-` or `_`, or for certain.
  private enum Boundary {
    case none, weak, strong
  }

  /// What a byte is to the search: bit 0 stands for what the JSON context is told of, and each
  /// other bit for one of the bytes that a shape begins with.
  private static let roles = table { byte in
    if JSONStringContext.bytes.contains(byte) { return 1 }
    return SecretShape.firstBytes.firstIndex(of: byte).map { 2 << UInt32($0) } ?? 0
  }

  /// The bits of the first bytes behind which a byte stands in some shape.
  private static let followers = table { byte in
    SecretShape.all.reduce(0) { bits, shape in
      shape.prefix.dropFirst().first == byte ? bits | roles[Int(shape.prefix[0])] : bits
    }
  }

  private static func table(_ bits: (UInt8) -> UInt32) -> [UInt32] {
    (UInt8.min...UInt8.max).map(bits)
  }

  /// The bytes before this are settled: they are no secret, or were reported.
  private(set) var position = 0
  private var context = JSONStringContext()
  private var candidate: SecretCandidate?
  private var running: SecretShape?
  private var isInCredential = false
  /// The end of the last secret: what stands behind it begins a word, whatever it was.
  private var reportedEnd = 0

  /// The next secret, or nil when all that can be decided has been.
  ///
  /// `bytes` are those of the last call and what has come since; what was reported may have been
  /// overwritten by bytes that belong to no word. `isFinal` says that nothing more will come.
  mutating func next(in bytes: [UInt8], isFinal: Bool) -> Match? {
    if let shape = running, let rest = continueRun(shape, in: bytes, isFinal: isFinal) {
      return rest
    }
    if isInCredential, let rest = continueCredential(in: bytes, isFinal: isFinal) { return rest }
    if running != nil || isInCredential { return nil }
    let roles = Self.roles
    let followers = Self.followers
    var place = position
    while place < bytes.count {
      let byte = bytes[place]
      let role = roles[Int(byte)]
      if role == 1 {
        context.note(byte, at: place, in: bytes)
        if context.isCredential {
          position = place + 1
          isInCredential = true
          return next(in: bytes, isFinal: isFinal)
        }
      } else if role != 0, !context.isOpaque,
        place + 1 >= bytes.count || followers[Int(bytes[place + 1])] & role != 0
      {
        position = place
        switch examine(byte, in: bytes, isFinal: isFinal) {
        case .undecided: return nil
        case .rejected: break
        case .secret: return finish(in: bytes)
        }
      }
      place += 1
    }
    position = place
    return nil
  }

  private mutating func examine(
    _ byte: UInt8, in bytes: [UInt8], isFinal: Bool
  ) -> SecretCandidate.Verdict {
    if candidate == nil {
      let boundary =
        position == reportedEnd ? .strong : Self.boundary(before: position, in: bytes)
      guard boundary != .none else { return .rejected }
      for shape in SecretShape.byFirstByte[Int(byte)]
      where boundary == .strong || shape.isSpecific {
        switch Self.match(shape.prefix, at: position, in: bytes) {
        case .rejected: continue
        case .undecided:
          if isFinal { continue }
          return .undecided
        case .secret: candidate = SecretCandidate(shape, at: position)
        }
        break
      }
    }
    guard let verdict = candidate?.examine(bytes, isFinal: isFinal) else { return .rejected }
    if verdict == .rejected { candidate = nil }
    return verdict
  }

  /// Reports the candidate with all that belongs to it so far.
  private mutating func finish(in bytes: [UInt8]) -> Match? {
    guard let found = candidate else { return nil }
    candidate = nil
    position = Self.endOfRun(found.shape, from: found.next, in: bytes)
    reportedEnd = position
    running = found.shape
    return Match(kind: found.shape.kind, range: (found.start + found.shape.shownBytes)..<position)
  }

  /// What has come since of a secret that was reported; nil where it has ended, or nothing can be said.
  private mutating func continueRun(
    _ shape: SecretShape, in bytes: [UInt8], isFinal: Bool
  ) -> Match? {
    while position < bytes.count {
      let start = position
      position = Self.endOfRun(shape, from: start, in: bytes)
      if position > start {
        reportedEnd = position
        return Match(kind: shape.kind, range: start..<position, goesOn: true)
      }
      guard shape.isBlock else { break }
      switch SecretBlock.lineBreak(at: position, in: bytes, isFinal: isFinal) {
      case .undecided: return nil
      case .end(let end):
        if ByteSet.lineEnds.contains(bytes[position]) { context = JSONStringContext() }
        position = end
        continue
      case .none: break
      }
      break
    }
    if position < bytes.count { running = nil }
    return nil
  }

  /// The string of a credential member as far as it has come, escapes and all.
  private mutating func continueCredential(in bytes: [UInt8], isFinal: Bool) -> Match? {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      isInCredential = byte != UInt8(ascii: "\"") && !ByteSet.lineEnds.contains(byte)
      guard isInCredential else { break }
      let isEscape = byte == UInt8(ascii: "\\")
      if isEscape, position + 1 == bytes.count, !isFinal { break }
      position = min(position + (isEscape ? 2 : 1), bytes.count)
    }
    let isOpen = bytes[start..<position].contains { $0 != UInt8(ascii: "*") }
    return isOpen ? Match(kind: .credentialMember, range: start..<position) : nil
  }

  private static func endOfRun(_ shape: SecretShape, from start: Int, in bytes: [UInt8]) -> Int {
    let run = shape.run
    guard !run.isEmpty, start < bytes.count else { return start }
    return bytes[start...].firstIndex { !ByteTraits.of($0).isSuperset(of: run) } ?? bytes.count
  }

  /// Whether all of the prefix stands there (`.secret`), or all that has come of it (`.undecided`).
  private static func match(
    _ prefix: [UInt8], at place: Int, in bytes: [UInt8]
  ) -> SecretCandidate.Verdict {
    let here = bytes[place..<min(place + prefix.count, bytes.count)]
    guard prefix.starts(with: here) else { return .rejected }
    return here.count == prefix.count ? .secret : .undecided
  }
}

extension SecretSearch {
  /// Whether a word begins at `place`; the last byte of an escape belongs to the escape.
  private static func boundary(before place: Int, in bytes: [UInt8]) -> Boundary {
    guard place > 0 else { return .strong }
    let last = bytes[place - 1]
    let traits = ByteTraits.of(last)
    guard traits.contains(.word) else { return .strong }
    if !traits.contains(.alphanumeric) { return .weak }
    return endsEscape(before: place, in: bytes) ? .strong : .none
  }

  /// Whether the bytes before `place` are `\n` or its kin, `\u003d`, `\x3d`, or `%3D` at any depth
  /// of encoding.
  private static func endsEscape(before place: Int, in bytes: [UInt8]) -> Bool {
    func byte(_ back: Int) -> UInt8 { place >= back ? bytes[place - back] : 0 }
    let backslash = UInt8(ascii: "\\")
    if byte(2) == backslash { return "nrtbf".utf8.contains(byte(1)) }
    func isHexadecimal(_ range: ClosedRange<Int>) -> Bool {
      range.allSatisfy { ByteTraits.of(byte($0)).contains(.hexadecimal) }
    }
    guard isHexadecimal(1...2) else { return false }
    if byte(3) == UInt8(ascii: "x"), byte(4) == backslash { return true }
    if byte(5) == UInt8(ascii: "u"), byte(6) == backslash { return isHexadecimal(3...4) }
    // "%3D" encoded again is "%253D", and again "%25253D".
    var back = 3
    while back < 9, byte(back) == UInt8(ascii: "5"), byte(back + 1) == UInt8(ascii: "2") {
      back += 2
    }
    return byte(back) == UInt8(ascii: "%")
  }
}
