package import Units

/// The header lines by which an answer tells its client how it stands with its limits.
///
/// Each answer has its own, so they are written as bytes, without strings in between.
package struct LimitFields: Sendable {
  /// Whose they are.
  package let shape: LimitShape

  /// What they say.
  package let standing: LimitStanding

  /// Creates the fields of an answer.
  package init(_ shape: LimitShape, _ standing: LimitStanding) {
    self.shape = shape
    self.standing = standing
  }

  /// The lines, each with its line end; empty where there is nothing to say.
  ///
  /// - Parameters:
  ///   - now: When the answer's head goes out.
  ///   - clock: The same in microseconds since 1970.
  /// - Returns: The bytes, all of them ASCII.
  package func lines(at now: Instant, clock: Int64) -> [UInt8] {
    var writer = LimitFieldWriter(now: now, clock: clock)
    switch shape {
    case .anthropic: writeAnthropic(to: &writer)
    case .openAI: writeOpenAI(to: &writer)
    case .azure: writeAzure(to: &writer)
    case .mistral: writeMistral(to: &writer)
    case .huggingFace: writeHuggingFace(to: &writer)
    case .gemini, .none: break
    }
    return writer.bytes
  }

  private func writeAnthropic(to writer: inout LimitFieldWriter) {
    func write(
      _ window: LimitStanding.Window?, _ limit: StaticString, _ remaining: StaticString,
      _ reset: StaticString
    ) {
      guard let window else { return }
      writer.line(limit) { $0.number(window.limit) }
      writer.line(remaining) { $0.number(window.remaining) }
      writer.line(reset) { $0.time(window.fullAt) }
    }
    write(
      standing.requests, "anthropic-ratelimit-requests-limit",
      "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset")
    write(
      standing.tokens, "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining",
      "anthropic-ratelimit-tokens-reset")
    write(
      standing.inputTokens, "anthropic-ratelimit-input-tokens-limit",
      "anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset")
    write(
      standing.outputTokens, "anthropic-ratelimit-output-tokens-limit",
      "anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset")
  }

  private func writeOpenAI(to writer: inout LimitFieldWriter) {
    func write(_ name: StaticString, _ window: LimitStanding.Window?) {
      guard let window else { return }
      writer.line("x-ratelimit-limit-", name) { $0.number(window.limit) }
      writer.line("x-ratelimit-remaining-", name) { $0.number(window.remaining) }
      writer.line("x-ratelimit-reset-", name) { $0.duration(until: window.fullAt) }
    }
    write("requests", standing.requests)
    write("tokens", standing.tokens)
  }

  private func writeAzure(to writer: inout LimitFieldWriter) {
    func write(_ name: StaticString, _ window: LimitStanding.Window?) {
      guard let window else { return }
      writer.line("x-ratelimit-limit-", name) { $0.number(window.limit) }
      writer.line("x-ratelimit-remaining-", name) { $0.number(window.remaining) }
      writer.line("x-ratelimit-reset-", name) { $0.seconds(until: window.fullAt) }
      writer.line("x-ratelimit-renewalperiod-", name) {
        $0.number(max(1, window.period / 1_000_000_000))
      }
    }
    write("requests", standing.requests)
    write("tokens", standing.tokens)
  }

  private func writeMistral(to writer: inout LimitFieldWriter) {
    func write(_ name: StaticString, _ window: LimitStanding.Window?) {
      guard let window else { return }
      writer.line("x-ratelimit-limit-", name) { $0.number(window.limit) }
      writer.line("x-ratelimit-remaining-", name) { $0.number(window.remaining) }
    }
    write("req-minute", standing.requests)
    write("tokens-minute", standing.tokens)
  }

  private func writeHuggingFace(to writer: inout LimitFieldWriter) {
    guard let window = standing.requests ?? standing.tokens else { return }
    writer.line("ratelimit") {
      $0.text("\"api\";r=")
      $0.number(window.remaining)
      $0.text(";t=")
      $0.seconds(until: window.fullAt)
    }
    writer.line("ratelimit-policy") {
      $0.text("\"fixed window\";\"api\";q=")
      $0.number(window.limit)
      $0.text(";w=")
      $0.number(max(1, window.period / 1_000_000_000))
    }
  }
}
