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
    let windows: [(StaticString, LimitStanding.Window?)] = [
      ("requests", standing.requests), ("tokens", standing.tokens),
      ("input-tokens", standing.inputTokens), ("output-tokens", standing.outputTokens),
    ]
    for (name, window) in windows {
      guard let window else { continue }
      writer.line("anthropic-ratelimit-", name, "-limit") { $0.number(window.limit) }
      writer.line("anthropic-ratelimit-", name, "-remaining") { $0.number(window.remaining) }
      writer.line("anthropic-ratelimit-", name, "-reset") { $0.time(window.fullAt) }
    }
  }

  private func writeOpenAI(to writer: inout LimitFieldWriter) {
    for (name, window) in named {
      writer.line("x-ratelimit-limit-", name) { $0.number(window.limit) }
      writer.line("x-ratelimit-remaining-", name) { $0.number(window.remaining) }
      writer.line("x-ratelimit-reset-", name) { $0.duration(until: window.fullAt) }
    }
  }

  private func writeAzure(to writer: inout LimitFieldWriter) {
    for (name, window) in named {
      writer.line("x-ratelimit-limit-", name) { $0.number(window.limit) }
      writer.line("x-ratelimit-remaining-", name) { $0.number(window.remaining) }
      writer.line("x-ratelimit-reset-", name) { $0.seconds(until: window.fullAt) }
      writer.line("x-ratelimit-renewalperiod-", name) {
        $0.number(max(1, window.period / 1_000_000_000))
      }
    }
  }

  private func writeMistral(to writer: inout LimitFieldWriter) {
    let windows: [(StaticString, LimitStanding.Window?)] = [
      ("req-minute", standing.requests), ("tokens-minute", standing.tokens),
    ]
    for (name, window) in windows {
      guard let window else { continue }
      writer.line("x-ratelimit-limit-", name) { $0.number(window.limit) }
      writer.line("x-ratelimit-remaining-", name) { $0.number(window.remaining) }
    }
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

  private var named: [(StaticString, LimitStanding.Window)] {
    let windows: [(StaticString, LimitStanding.Window?)] = [
      ("requests", standing.requests), ("tokens", standing.tokens),
    ]
    return windows.compactMap { name, window in window.map { (name, $0) } }
  }
}
