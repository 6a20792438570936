/// The segments of names, and which of them are words for what authenticates.
enum CredentialSegments {
  /// The segments of a name, in lower case and without the digits at their ends.
  static func split(_ name: some Collection<UInt8>) -> [String] {
    let bytes = Array(name)
    var segments: [String] = []
    var start = 0
    func end(at place: Int) {
      var segment = bytes[start..<place]
      while let last = segment.last, ByteTraits.of(last).contains(.digit) { segment.removeLast() }
      if !segment.isEmpty { segments.append(String(decoding: segment, as: UTF8.self).lowercased()) }
      start = place
    }
    for place in bytes.indices {
      let traits = ByteTraits.of(bytes[place])
      if !traits.contains(.alphanumeric) {
        end(at: place)
        start = place + 1
      } else if place > start, traits.contains(.upper), isWordStart(at: place, in: bytes) {
        end(at: place)
      }
    }
    end(at: bytes.count)
    return segments
  }

  /// Whether an upper-case letter begins a word: behind a lower-case letter or a digit, or as the
  /// last of several before one, as in `APIKey`.
  private static func isWordStart(at place: Int, in bytes: [UInt8]) -> Bool {
    if !ByteTraits.of(bytes[place - 1]).contains(.upper) { return true }
    return place + 1 < bytes.count && ByteTraits.of(bytes[place + 1]).contains(.lower)
  }

  /// What a segment says of the value.
  enum Meaning {
    /// Nothing.
    case innocent
    /// A word for what authenticates and for other things too, as in `key_people` or
    /// `secret_ingredient`.
    case ambiguous
    /// What authenticates.
    case credential
  }

  /// What the segment says where its neighbours do not make it another word.
  static func meaning(of segments: [String], at index: Int) -> Meaning {
    let previous = index > 0 ? segments[index - 1] : ""
    guard let word = word(segments[index], behind: previous, before: segments.dropFirst(index + 1))
    else { return .innocent }
    if innocentBefore[word]?.contains(previous) ?? false { return .innocent }
    if ambiguousBefore[word]?.contains(previous) ?? false { return .ambiguous }
    guard let last = segments.last, index < segments.count - 1 else { return .credential }
    if last == "id" { return word == "secret" || word == "session" ? .credential : .innocent }
    if innocentBehind.contains(last) { return .innocent }
    // In front of another noun such a word is mostly an adjective, unless something is beside it
    // that only credentials have.
    guard adjectives.contains(segments[index]) else { return .credential }
    let next = segments[index + 1]
    return qualifiers.contains(previous) || qualifiers.contains(next) || sureBehind.contains(next)
      ? .credential : .ambiguous
  }

  /// Whether the segment is the plural of such a word: what is in its object or array
  /// authenticates, and a string may be no more than a count of them.
  static func isPlural(_ segments: [String], at index: Int) -> Bool {
    plurals.contains(segments[index]) && singularMeaning(of: segments, at: index) == .credential
  }

  /// Whether the segment is the plural of a word that stands for many things, `keys` or `tokens`.
  static func isAmbiguousPlural(_ segments: [String], at index: Int) -> Bool {
    ["keys", "tokens"].contains(segments[index])
      && singularMeaning(of: segments, at: index) != .innocent
  }

  private static func singularMeaning(of segments: [String], at index: Int) -> Meaning {
    var singular = segments
    singular[index].removeLast()
    return meaning(of: singular, at: index)
  }

  private static let plurals: Set<String> = [
    "secrets", "passwords", "passwds", "pwds", "passphrases", "passcodes", "cookies", "jwts",
  ]

  /// Whether a number can be what the word stands for.
  static func isPassword(_ segment: String) -> Bool {
    ["secret", "password", "passwd", "pwd", "passphrase", "passcode", "pass"].contains {
      segment.hasSuffix($0)
    }
  }

  private static func word(
    _ segment: String, behind previous: String, before rest: ArraySlice<String>
  ) -> String? {
    if words.contains(segment) { return segment }
    switch segment {
    case "keys": return keyQualifiers.contains(previous) ? "key" : nil
    case "tokens": return tokenQualifiers.contains(previous) ? "token" : nil
    case "credentials": return "credential"
    case "pass": return previous.isEmpty ? nil : "password"
    case "session": return rest.first == "id" && rest.count == 1 ? "session" : nil
    default: return compounds.first { segment.hasSuffix($0) }
    }
  }

  private static let words: Set<String> = [
    "key", "token", "secret", "password", "passwd", "pwd", "credential", "auth", "cookie",
    "signature", "authorization", "passphrase", "passcode", "jwt", "bearer",
  ]

  /// Those of the words that are also said of what is important, hidden or typical.
  private static let adjectives: Set<String> = ["key", "token", "secret", "signature", "cookie"]

  /// What stands beside an adjective only where it is none.
  private static let qualifiers: Set<String> = words.subtracting(["signature"]).union([
    "api", "access", "client", "private", "signing", "encryption", "account", "ssh", "service",
    "refresh", "session", "bot", "master", "shared", "subscription", "app", "admin", "oauth",
    "csrf",
    "xsrf", "webhook", "deploy", "license", "db", "bearer", "security",
  ])

  /// What says right behind an adjective that the credential itself follows.
  private static let sureBehind: Set<String> = [
    "value", "string", "material", "binary", "base", "pem", "hex", "raw", "plain", "plaintext",
    "header", "v", "prod", "production", "staging", "dev",
  ]

  /// Words that are written as one.
  private static let compounds = [
    "apikey", "apitoken", "apisecret", "authtoken", "accesstoken", "refreshtoken", "idtoken",
    "bearertoken", "sessiontoken", "securitytoken", "clientsecret", "secretkey", "accesskey",
    "privatekey", "subscriptionkey", "signingkey", "encryptionkey", "masterkey", "sharedkey",
    "accountkey", "authkey", "appkey", "appsecret", "sessionid", "sessionkey", "sessid",
    "password", "passwd",
  ]

  private static let keyQualifiers: Set<String> = [
    "api", "secret", "private", "access", "signing", "encryption", "account", "ssh", "service",
  ]
  private static let tokenQualifiers: Set<String> = [
    "access", "auth", "refresh", "bearer", "api", "session", "secret", "bot",
  ]

  /// What makes a word another when it stands right before it, as in `primary_key` or `eos_token`.
  private static let innocentBefore: [String: Set<String>] = [
    "key": [
      "primary", "foreign", "sort", "partition", "cache", "idempotency", "public", "dedup",
      "deduplication", "routing", "group", "row", "map", "dict", "object", "translation",
      "shortcut",
      "hot", "arrow", "metric", "feature", "unique", "composite", "natural", "surrogate", "index",
      "lookup", "semantic", "issue", "project", "space", "json", "config", "event", "message",
      "data", "field",
      "column", "order", "search", "query", "item", "element", "property", "attribute", "label",
      "tag", "node", "edge", "entity", "record", "document", "answer", "major", "minor", "home",
      "enter", "escape", "return", "press", "up", "down", "left", "right", "piano", "keyboard",
      "legend", "color", "registry", "websocket", "host", "react", "sequence", "i18n",
    ],
    "token": [
      "page", "next", "continuation", "pagination", "continue", "sync", "start", "stop", "end",
      "eos",
      "bos", "pad", "unk", "mask", "cls", "sep", "special", "image", "text", "audio", "video",
      "first", "last", "per", "each", "every", "max", "min", "input", "output", "cached",
      "reasoning", "prompt", "completion", "total", "generated", "sampled", "draft", "accepted",
      "rejected", "top", "previous", "sub", "design", "control", "vocab", "decoded", "encoded",
      "thinking", "by", "credit",
    ],
    "signature": ["function", "method", "type", "call", "email", "class", "thought"],
    "auth": ["requires", "require", "required", "needs", "no", "without", "has", "is", "use"],
    "password": ["forgot", "reset", "change", "show", "hide", "no", "without", "has", "requires"],
    "secret": ["is", "has"], "cookie": ["is", "has", "use"],
    "credential": ["allow", "with", "include", "same", "omit", "has"],
  ]

  /// What makes a word ambiguous when it stands right before it.
  private static let ambiguousBefore: [String: Set<String>] = [
    "key": ["musical", "song", "music", "scale"], "signature": ["key", "time"],
  ]

  /// What says at the end of a name that it is about a credential and none itself, as in
  /// `token_count`.
  private static let innocentBehind: Set<String> = [
    "type", "types", "name", "names", "ids", "count", "counts", "limit", "limits", "budget",
    "usage",
    "size", "length", "len", "index", "indices", "position", "offset", "url", "uri", "urls",
    "endpoint", "host", "path", "file", "filename", "dir", "folder", "format", "algorithm", "alg",
    "hint", "policy", "required", "optional", "enabled", "disabled", "status", "state", "valid",
    "verified", "expiry", "expires", "expiration", "expired", "at", "in", "ttl", "age", "lifetime",
    "timeout", "rate", "cost", "price", "details", "detail", "info", "description", "title",
    "label", "scheme", "method", "mode", "provider", "server", "version", "date", "created",
    "updated", "points", "point", "word", "words", "phrase", "phrases", "takeaways", "findings",
    "figures", "features", "frames", "insights", "logprob", "logprobs", "prob", "probs",
    "mapping", "field", "fields", "column", "schema", "pattern", "regex", "rules", "strength",
    "reset", "rotation", "error", "errors", "prompt", "template", "placeholder", "param",
    "params", "parameter", "consent", "banner", "notice", "settings", "options", "option", "delta",
    "input", "inputs", "metadata", "arn", "ref", "per", "second", "source", "code",
  ]
}
