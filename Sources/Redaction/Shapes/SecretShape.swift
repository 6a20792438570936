/// The shape of one kind of key: what it begins with, and what must follow for it to be one.
struct SecretShape: Sendable {
  /// What must hold of the bytes behind the prefix.
  enum Tail: Sendable {
    /// At least so many bytes of that trait; all that follow belong to the secret.
    case atLeast(Int, ByteTraits)
    /// Exactly so many digits and upper-case letters, and the word ends there.
    case exactly(Int)
    /// At least so many bytes that do not read like words joined by hyphens.
    case unlikeWords(Int)
    /// As `unlikeWords`, of the bytes of a bearer token.
    case bearer(Int)
    /// The token of a Telegram bot, behind its number and a colon.
    case botToken
    /// The token of a Discord bot: its number in base64, a time and a signature, joined by full
    /// stops.
    case discordToken
    /// So many letters and digits, a full stop, and at least so many hexadecimal digits.
    case numbered(Int, Int)
    /// A user name and a password, joined by a colon, in base64. (RFC 7617)
    case basic
    /// The lines of a block in base64, as of a private key. (RFC 7468)
    case block
    /// Two parts that are JSON objects in base64url, joined by a full stop. (RFC 7515, 7.1)
    case jsonWebToken
  }

  /// What it is when it matches.
  let kind: SecretKind
  /// What it begins with.
  let prefix: [UInt8]
  /// What must follow.
  let tail: Tail
  /// Whether the prefix says so much that `-` or `_` may stand in front of it.
  let isSpecific: Bool

  init(_ kind: SecretKind, _ prefix: String, _ tail: Tail, isSpecific: Bool = false) {
    self.kind = kind
    self.prefix = Array(prefix.utf8)
    self.tail = tail
    self.isSpecific = isSpecific
  }

  /// The bytes that belong to the secret once it is known to be one.
  var run: ByteTraits {
    switch tail {
    case .atLeast(_, let traits): traits
    case .exactly: []
    case .unlikeWords, .botToken, .discordToken: .word
    case .bearer: .token
    case .numbered: .hexadecimal
    case .block, .basic: .base64
    case .jsonWebToken: .dotted
    }
  }

  /// How many bytes of the prefix are no secret: of a scheme a reader may know. (RFC 9110, 11.4)
  var shownBytes: Int {
    switch tail {
    case .bearer, .basic: prefix.count
    case .botToken: 1
    case .atLeast, .exactly, .unlikeWords, .block, .jsonWebToken, .discordToken, .numbered: 0
    }
  }

  /// Whether what it covers goes on behind the end of a line.
  var isBlock: Bool { if case .block = tail { true } else { false } }
}
