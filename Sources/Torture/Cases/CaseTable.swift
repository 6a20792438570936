package import Cassettes

/// All kinds of cases for recordings of one dialect, in the order in which they are listed.
struct CaseTable: Sendable {
  /// The kinds; their ids differ.
  let kinds: [CaseKind]

  /// Makes the table.
  init(dialect: String, timing: CaseTiming) {
    let pages = ProviderPages(dialect: dialect)
    let words = ErrorNames(dialect: dialect)
    kinds =
      Self.parsing(pages) + Self.shapes(pages) + Self.cuts(pages) + Self.ends(pages)
      + Self.errors(pages, words) + Self.times(timing) + Self.retries(pages, timing)
      + Self.answers(pages)
  }

  /// The case without any fault, by which a run looks whether it works at all.
  static let plainID = "parse/plain"
}

/// The words by which an API names two of its errors.
struct ErrorNames: Hashable, Sendable {
  let overloaded: String
  let limited: String

  /// The words of the API that speaks a dialect.
  init(dialect: String) {
    switch dialect {
    case "gemini": (overloaded, limited) = ("UNAVAILABLE", "RESOURCE_EXHAUSTED")
    case "openai-chat", "openai-responses":
      (overloaded, limited) = ("server_error", "rate_limit_exceeded")
    default: (overloaded, limited) = ("overloaded_error", "rate_limit_error")
    }
  }
}

/// How long the pauses of cases are.
package struct CaseTiming: Hashable, Sendable {
  /// How long the client waits for more bytes, where that is known.
  package var readTimeout: Microseconds?

  /// By how much all pauses are longer than they would be.
  package var scale: Double

  /// Creates a timing.
  package init(readTimeout: Microseconds? = nil, scale: Double = 1) {
    self.readTimeout = readTimeout
    self.scale = scale
  }

  /// The longest pause that anything may ask for.
  private static let limit = 3600.0 * 1_000_000

  private func scaled(_ microseconds: Double) -> Microseconds {
    let scaled = microseconds * scale
    guard scaled.isFinite, scaled > 1 else { return Microseconds(saturating: 1) }
    return Microseconds(saturating: Int64(min(scaled, Self.limit)))
  }

  /// A pause that every client survives: well below the read timeout.
  package var short: Microseconds {
    let short = scaled(300_000)
    guard let readTimeout else { return short }
    return min(short, Microseconds(saturating: max(1, readTimeout.count / 3)))
  }

  /// A pause that is longer than the read timeout; nil where that is not known.
  package var long: Microseconds? {
    readTimeout.map { Microseconds(saturating: max(1, $0.count / 2 * 3)) }
  }

  /// How long a client is told to wait before it tries again.
  package var retryAfter: Microseconds { scaled(1_000_000) }

  /// Whether a line that is slow sends its pieces, ten a second, often enough for the client.
  package var canTrickle: Bool { (readTimeout?.count ?? .max) >= 300_000 }
}
