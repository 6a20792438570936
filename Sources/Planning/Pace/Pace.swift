public import Cassettes

/// When things are sent.
///
/// `recorded`, `2x`, `instant`, `gap:20ms`, `ttft:300ms,rate:50/s` or `like:NAME`, each with
/// `,jitter:20%`, or `model:ttft=lognormal(300ms,0.4),gap=lognormal(20ms,0.3)`.
public struct Pace: Hashable, Sendable {
  /// The kinds of pace.
  public enum Kind: Hashable, Sendable {
    /// As it was recorded.
    case recorded
    /// That many times as fast as it was recorded.
    case speed(ExactDecimal)
    /// Without any waiting; each recorded chunk stays an HTTP chunk of its own.
    case instant
    /// The head at once, then an event each gap.
    case gap(Microseconds)
    /// The head at once, the first event after a time, then events at a rate each second.
    case rate(first: Microseconds, perSecond: ExactDecimal)
    /// The head at once, then events after times that are drawn from those of the streams of a
    /// cassette, which `PlanOptions.samples` holds.
    case like(String)
    /// The head at once, then events after times that are drawn from distributions.
    case model(Model)
  }

  /// The kind of pace.
  public var kind: Kind

  /// How far each gap may stray, in percent of it, or nil for not at all.
  public var jitter: ExactDecimal?

  /// The pace of the recording.
  public static let recorded = Pace(.recorded)

  /// No waiting at all.
  public static let instant = Pace(.instant)

  /// Creates a pace from its kind and jitter.
  public init(_ kind: Kind, jitter: ExactDecimal? = nil) {
    self.kind = kind
    self.jitter = jitter
  }

  /// Whether chunks are made anew, one event each.
  public var rechunksByEvent: Bool {
    switch kind {
    case .gap, .rate, .like, .model: true
    case .recorded, .speed, .instant: false
    }
  }

  /// Whether chance decides when things are sent.
  package var drawsChance: Bool {
    switch kind {
    case .like: true
    case .model(let model): model.drawsChance
    case .recorded, .speed, .instant, .gap, .rate: jitter != nil
    }
  }
}
