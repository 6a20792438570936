internal import Patterns

// What is known by its shape.
extension SecretSearch {
  /// Where a word begins: not at all, behind `-` or `_`, or for certain.
  private enum Boundary {
    case none, weak, strong
  }

  /// Looks whether something begins at a place that is known by its shape.
  mutating func shape(at place: Int, in bytes: [UInt8], isFinal: Bool) -> Outcome {
    position = place
    switch examine(bytes[place], in: bytes, isFinal: isFinal) {
    case .undecided: return .undecided
    case .rejected: return .next(place + 1)
    case .secret: return finish(in: bytes).map(Outcome.found) ?? .next(place + 1)
    }
  }

  private mutating func examine(
    _ byte: UInt8, in bytes: [UInt8], isFinal: Bool
  ) -> SecretCandidate.Verdict {
    if candidate == nil {
      // What is no part of a word can begin anywhere.
      let isBoundary = position == reportedEnd || !ByteTraits.of(byte).contains(.word)
      let boundary = isBoundary ? .strong : Self.boundary(before: position, in: bytes)
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
    mode = .shape(found.shape)
    return Match(kind: found.shape.kind, range: (found.start + found.shape.shownBytes)..<position)
  }

  /// Whether all of the prefix stands there (`.secret`), or all that has come of it (`.undecided`).
  private static func match(
    _ prefix: [UInt8], at place: Int, in bytes: [UInt8]
  ) -> SecretCandidate.Verdict {
    let here = bytes[place..<min(place + prefix.count, bytes.count)]
    guard prefix.starts(with: here) else { return .rejected }
    return here.count == prefix.count ? .secret : .undecided
  }

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

  /// What has come since of a secret that was reported; nil where it has ended, or nothing can be
  /// said.
  mutating func continueRun(
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
        if ByteSet.lineEnds.contains(bytes[position]) {
          quotes.reset()
          isThinking = false
        }
        position = end
        continue
      case .none: break
      }
      break
    }
    if position < bytes.count || isFinal { mode = .text }
    return nil
  }

  private static func endOfRun(_ shape: SecretShape, from start: Int, in bytes: [UInt8]) -> Int {
    let run = shape.run
    guard !run.isEmpty, start < bytes.count else { return start }
    return bytes[start...].firstIndex { !ByteTraits.of($0).isSuperset(of: run) } ?? bytes.count
  }
}
