internal import Cassettes
package import Planning

/// What one stream must hold to count as goodput, beside that it came whole:
/// `ttft<500ms,tpot<50ms`.
///
/// It is judged by its own times, as other load tools do: not by percentiles of all.
package struct StreamBounds: Hashable, Sendable {
  /// One bound: a metric of the stream, and what it may be.
  package struct Bound: Hashable, Sendable {
    /// The metric.
    package var metric: LoadMetric
    /// `<` or `<=`.
    package var relation: Relation
    /// The limit, in nanoseconds.
    package var nanoseconds: Int64
    /// The limit, as it was written.
    package var limit: String

    /// Creates a bound.
    package init(_ metric: LoadMetric, _ relation: Relation, nanoseconds: Int64, limit: String) {
      self.metric = metric
      self.relation = relation
      self.nanoseconds = nanoseconds
      self.limit = limit
    }
  }

  /// All that have to hold; at most one of each metric.
  package private(set) var bounds: [Bound] = []

  /// Bounds that every whole stream holds.
  package init() {}

  /// Adds a bound; of two on the same metric the looser one stays.
  package mutating func loosen(by bound: Bound) {
    guard let place = bounds.firstIndex(where: { $0.metric == bound.metric }) else {
      bounds.append(bound)
      return
    }
    let isLooser =
      (bound.nanoseconds, bound.relation == .atMost ? 1 : 0)
      > (bounds[place].nanoseconds, bounds[place].relation == .atMost ? 1 : 0)
    if isLooser { bounds[place] = bound }
  }

  /// Whether a stream came whole and within all bounds.
  package func holds(_ record: StreamRecord) -> Bool {
    guard record.outcome == .whole else { return false }
    return bounds.allSatisfy { bound in
      guard let value = record.time(of: bound.metric) else {
        // A stream without a token is no good one; one without a gap has kept any bound on gaps.
        return ![.ttfb, .ttft, .ttfbSent, .ttftSent].contains(bound.metric)
      }
      return bound.relation.holds(Double(value), Double(bound.nanoseconds))
    }
  }
}

extension StreamBounds {
  /// The metrics that one stream has.
  package static let metrics: [LoadMetric] = [
    .ttft, .tpot, .stream, .ttfb, .second, .gapMean, .longestGap, .late, .ttftSent, .ttfbSent,
    .secondSent, .streamSent,
  ]

  /// Parses the values of `--goodput`.
  package init(parsing texts: [String]) throws(DirectiveError) {
    for text in texts {
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let bound = try Self.bound(part)
        guard !bounds.contains(where: { $0.metric == bound.metric }) else {
          throw DirectiveError("'\(bound.metric.rawValue)' is bounded twice: write one bound of it")
        }
        bounds.append(bound)
      }
    }
  }

  private static func bound(_ text: Substring) throws(DirectiveError) -> Bound {
    let (name, relation, limit) = try Relation.split(text, form: "a bound like ttft<500ms")
    guard let metric = metrics.first(where: { $0.rawValue == name }) else {
      let names = metrics.map(\.rawValue)
      let meant = LoadMetric.meant(by: name, among: names)
      let question = meant.map { "; did you mean '\($0)'?" } ?? ""
      throw DirectiveError(
        "'\(name)' is no time of one stream\(question): write one of "
          + names.joined(separator: ", "))
    }
    guard relation.isUpperBound else {
      throw DirectiveError("'\(text)' wants a stream to be slow: write \(name)<\(limit)")
    }
    let nanoseconds = try Quantity.duration(limit).count * 1000
    return Bound(metric, relation, nanoseconds: nanoseconds, limit: limit)
  }
}

extension StreamBounds: CustomStringConvertible {
  /// The bounds in the form that parses back to them.
  package var description: String {
    bounds.map { "\($0.metric.rawValue)\($0.relation.rawValue)\($0.limit)" }
      .joined(separator: ",")
  }
}
