internal import Units

/// A place where the prefix of a shape was found, and how much of what must follow has been seen.
///
/// It can stop at any byte and go on when more has come, so that every byte is examined once
/// however the body was cut.
struct SecretCandidate: Sendable {
  enum Verdict {
    case undecided, secret, rejected
  }

  /// The bytes after which a candidate that is still undecided is none: what may be withheld at
  /// most.
  static let windowBytes = 4096

  /// The least length of a token's first part: `{"alg":"x"}` in base64url.
  private static let leastHeader = 15
  /// The least length of a token's second part: `{"a":1}` in base64url.
  private static let leastPayload = 10
  /// The least length of a bot's token behind `AA`, and of the number in front of its colon.
  private static let leastBotToken = 31
  private static let leastBotNumber = 8
  private static let partStart = Array("eyJ".utf8)

  let shape: SecretShape
  private(set) var start: Int
  private(set) var next: Int
  private var count = 0
  private var segment = 0
  private var longestSegment = 0
  private var digits = 0
  private var seen: ByteTraits = []
  private var isInPayload = false

  init(_ shape: SecretShape, at start: Int) {
    self.shape = shape
    self.start = start
    next = start + shape.prefix.count
    if case .jsonWebToken = shape.tail { count = shape.prefix.count }
  }

  /// Goes on in a text that begins later by so many bytes.
  mutating func move(by count: Int) {
    start -= count
    next -= count
  }

  /// Examines the bytes that have come since, until they decide.
  ///
  /// On `.secret`, all before `next` belongs to it.
  mutating func examine(_ bytes: [UInt8], isFinal: Bool) -> Verdict {
    if case .basic = shape.tail { return examineBasic(bytes, isFinal: isFinal) }
    if case .botToken = shape.tail, count == 0, !isBehindDigits(bytes) { return .rejected }
    while next < bytes.count {
      guard next - start < Self.windowBytes else { return .rejected }
      let verdict = examine(bytes[next])
      guard verdict == .undecided else { return verdict }
      next += 1
    }
    guard isFinal else { return next - start < Self.windowBytes ? .undecided : .rejected }
    if case .exactly(let length) = shape.tail, count == length { return .secret }
    return .rejected
  }

  private mutating func examine(_ byte: UInt8) -> Verdict {
    let traits = ByteTraits.of(byte)
    switch shape.tail {
    case .atLeast(let least, let needed):
      guard traits.contains(needed) else { return .rejected }
      count += 1
      return count >= least ? .secret : .undecided
    case .exactly(let length):
      if count == length { return traits.contains(.word) ? .rejected : .secret }
      guard traits.contains(.digit) || traits.contains(.upper) else { return .rejected }
      count += 1
      return .undecided
    case .unlikeWords(let least):
      return examineUnlikeWords(traits, least: least)
    case .bearer(let least):
      guard traits.contains(.token) else { return .rejected }
      return examineUnlikeWords(traits.union(.word), least: least)
    case .botToken:
      guard traits.contains(.word) else { return .rejected }
      count += 1
      return count >= Self.leastBotToken ? .secret : .undecided
    case .block, .basic: return .secret
    case .discordToken: return examineDiscord(byte, traits)
    case .numbered(let length, let least):
      if segment == 0, count == length {
        segment = 1
        count = 0
        return byte == UInt8(ascii: ".") ? .undecided : .rejected
      }
      guard traits.contains(segment == 0 ? .alphanumeric : .hexadecimal) else { return .rejected }
      count += 1
      return segment == 1 && count >= least ? .secret : .undecided
    case .jsonWebToken:
      return examineToken(byte, traits)
    }
  }

  private mutating func examineUnlikeWords(_ traits: ByteTraits, least: Int) -> Verdict {
    guard traits.contains(.word) else { return .rejected }
    count += 1
    segment = traits.contains(.alphanumeric) ? segment + 1 : 0
    longestSegment = max(longestSegment, segment)
    if traits.contains(.digit) { digits += 1 }
    seen.formUnion(traits)
    guard count >= least else { return .undecided }
    let isMixed = seen.isSuperset(of: [.digit, .upper, .lower])
    return longestSegment >= 16 || digits >= 5 || isMixed ? .secret : .undecided
  }

  private mutating func examineToken(_ byte: UInt8, _ traits: ByteTraits) -> Verdict {
    if byte == UInt8(ascii: "."), !isInPayload, count >= Self.leastHeader {
      isInPayload = true
      count = 0
      return .undecided
    }
    guard traits.contains(.word) else { return .rejected }
    if isInPayload, count < Self.partStart.count, byte != Self.partStart[count] { return .rejected }
    count += 1
    return isInPayload && count >= Self.leastPayload ? .secret : .undecided
  }

  /// The lengths of the parts of the token of a Discord bot.
  private static let discordNumber = 22...28
  private static let discordTime = 5...7
  private static let leastDiscordSignature = 25

  private mutating func examineDiscord(_ byte: UInt8, _ traits: ByteTraits) -> Verdict {
    if byte == UInt8(ascii: "."), segment < 2 {
      let length = segment == 0 ? count + shape.prefix.count : count
      guard (segment == 0 ? Self.discordNumber : Self.discordTime).contains(length) else {
        return .rejected
      }
      segment += 1
      count = 0
      return .undecided
    }
    guard traits.contains(.word) else { return .rejected }
    count += 1
    guard count <= Self.discordNumber.upperBound || segment == 2 else { return .rejected }
    return segment == 2 && count >= Self.leastDiscordSignature ? .secret : .undecided
  }

  /// Whether the number of a bot stands in front.
  private func isBehindDigits(_ bytes: [UInt8]) -> Bool {
    start >= Self.leastBotNumber
      && bytes[(start - Self.leastBotNumber)..<start].allSatisfy {
        ByteTraits.of($0).contains(.digit)
      }
  }

  /// Whether all of base64 that follows is a user name, a colon and a password. (RFC 7617, 2)
  private mutating func examineBasic(_ bytes: [UInt8], isFinal: Bool) -> Verdict {
    while next < bytes.count, ByteTraits.of(bytes[next]).contains(.base64) {
      guard next - start < Self.windowBytes else { return .rejected }
      next += 1
    }
    guard next < bytes.count || isFinal else { return .undecided }
    var text = Array(bytes[(start + shape.prefix.count)..<next])
    guard text.count >= 8 else { return .rejected }
    while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
    var pair: [UInt8] = []
    guard text.withUnsafeBufferPointer({ Base64.append(decoding: $0, to: &pair) }),
      pair.contains(UInt8(ascii: ":")),
      pair.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return .rejected }
    return String(validating: pair, as: UTF8.self) == nil ? .rejected : .secret
  }
}
