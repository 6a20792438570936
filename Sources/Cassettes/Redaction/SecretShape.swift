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
    case .unlikeWords: .word
    case .bearer: .token
    case .block: .base64
    case .jsonWebToken: .dotted
    }
  }

  /// How many bytes of the prefix are no secret: of a scheme a reader may know. (RFC 9110, 11.4)
  var shownBytes: Int { if case .bearer = tail { prefix.count } else { 0 } }

  /// Whether what it covers goes on behind the end of a line.
  var isBlock: Bool { if case .block = tail { true } else { false } }

  /// Every shape; of two that begin alike, the longer prefix stands first.
  static let all: [SecretShape] =
    [
      SecretShape(.anthropicKey, "sk-ant-", .atLeast(16, .word), isSpecific: true),
      SecretShape(.secretKey, "sk-proj-", .atLeast(14, .word), isSpecific: true),
      SecretShape(.secretKey, "sk-svcacct-", .atLeast(12, .word), isSpecific: true),
      SecretShape(.secretKey, "sk-or-v1-", .atLeast(14, .word), isSpecific: true),
      SecretShape(.secretKey, "sk-", .unlikeWords(20)),
      SecretShape(.secretKey, "sk_live_", .atLeast(20, .alphanumeric)),
      SecretShape(.secretKey, "sk_test_", .atLeast(20, .alphanumeric)),
      SecretShape(.googleKey, "AIza", .atLeast(35, .word)),
      SecretShape(.awsKey, "AKIA", .exactly(16)),
      SecretShape(.awsKey, "ASIA", .exactly(16)),
      SecretShape(.jsonWebToken, "eyJ", .jsonWebToken),
      SecretShape(.githubToken, "ghp_", .atLeast(20, .alphanumeric), isSpecific: true),
      SecretShape(.githubToken, "gho_", .atLeast(20, .alphanumeric), isSpecific: true),
      SecretShape(.githubToken, "ghu_", .atLeast(20, .alphanumeric), isSpecific: true),
      SecretShape(.githubToken, "ghs_", .atLeast(20, .alphanumeric), isSpecific: true),
      SecretShape(.githubToken, "ghr_", .atLeast(20, .alphanumeric), isSpecific: true),
      SecretShape(.githubToken, "github_pat_", .atLeast(20, .word), isSpecific: true),
      SecretShape(.gitlabToken, "glpat-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.providerKey, "gsk_", .atLeast(30, .alphanumeric)),
      SecretShape(.providerKey, "hf_", .atLeast(30, .alphanumeric)),
      SecretShape(.slackToken, "xoxa-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.slackToken, "xoxb-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.slackToken, "xoxp-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.slackToken, "xoxr-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.slackToken, "xoxs-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.slackToken, "xapp-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.providerKey, "xai-", .atLeast(40, .alphanumeric)),
      SecretShape(.providerKey, "pplx-", .atLeast(40, .alphanumeric)),
      SecretShape(.providerKey, "nvapi-", .atLeast(40, .word)),
      SecretShape(.providerKey, "r8_", .atLeast(30, .alphanumeric)),
      SecretShape(.googleToken, "ya29.", .atLeast(30, .dotted)),
      SecretShape(.googleToken, "1//0", .atLeast(40, .word)),
      SecretShape(.googleKey, "AQ.", .atLeast(40, .word)),
      SecretShape(.googleKey, "GOCSPX-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.awsKey, "IQoJb3JpZ2lu", .atLeast(60, .base64)),
      SecretShape(.awsKey, "FwoGZXIvYXdz", .atLeast(60, .base64)),
      SecretShape(.bearerToken, "Bearer ", .bearer(20)),
      SecretShape(.slackToken, "xoxc-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.slackToken, "xoxd-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.slackToken, "xoxe-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.slackToken, "hooks.slack.com/services/", .atLeast(20, .path)),
      SecretShape(.secretKey, "rk_live_", .atLeast(20, .alphanumeric)),
      SecretShape(.secretKey, "rk_test_", .atLeast(20, .alphanumeric)),
      SecretShape(.secretKey, "whsec_", .atLeast(24, .base64)),
      SecretShape(.gitlabToken, "gldt-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.registryToken, "npm_", .atLeast(36, .alphanumeric)),
      SecretShape(.registryToken, "pypi-", .atLeast(50, .word), isSpecific: true),
      SecretShape(.registryToken, "dckr_pat_", .atLeast(20, .word), isSpecific: true),
      SecretShape(.providerKey, "SG.", .atLeast(40, .dotted)),
      SecretShape(.providerKey, "SK", .atLeast(32, .hexadecimal)),
      SecretShape(.providerKey, "csk-", .atLeast(40, .alphanumeric)),
      SecretShape(.providerKey, "fw_", .atLeast(20, .alphanumeric)),
      SecretShape(.providerKey, "tgp_v1_", .atLeast(30, .word), isSpecific: true),
      SecretShape(.providerKey, "glsa_", .atLeast(30, .word), isSpecific: true),
      SecretShape(.providerKey, "shpat_", .atLeast(30, .alphanumeric), isSpecific: true),
      SecretShape(.providerKey, "hvs.", .atLeast(24, .word)),
      SecretShape(.providerKey, "ATATT3", .atLeast(60, .base64)),
    ] + privateKeys

  private static let privateKeys = ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "].map {
    SecretShape(.privateKey, "-----BEGIN \($0)PRIVATE KEY-----", .block, isSpecific: true)
  }

  /// The bytes that shapes begin with, each once: at most 31.
  static let firstBytes = Array(Set(all.compactMap(\.prefix.first)))

  /// The shapes that begin with each byte.
  static let byFirstByte: [[SecretShape]] = (UInt8.min...UInt8.max).map { byte in
    all.filter { $0.prefix.first == byte }
  }
}
