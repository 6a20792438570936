internal import Cassettes

extension Pace {
  /// Distributions that the times of a stream are drawn from.
  public struct Model: Hashable, Sendable {
    /// The time from the head to the first event, or nil where that is a gap like all others.
    public var first: Distribution?

    /// The time from each event to the next.
    public var gap: Distribution

    /// Creates a model from its distributions.
    public init(first: Distribution? = nil, gap: Distribution) {
      self.first = first
      self.gap = gap
    }

    /// Whether chance has a part in it.
    var drawsChance: Bool { gap.drawsChance || first?.drawsChance ?? false }

    /// How long an event, counted from 1, comes after the one before, or the first after the head.
    func interval(before event: Int64, draw: UInt64) -> Microseconds {
      (event == 1 ? first ?? gap : gap).interval(for: draw)
    }
  }
}

extension Pace.Model {
  /// A model, as an example in an error.
  static let example = "model:ttft=lognormal(300ms,0.4),gap=lognormal(20ms,0.3)"

  /// Parses `ttft=…` and `gap=…`, in any order; the second is needed.
  init(parsing parts: [String]) throws(DirectiveError) {
    var found: [String: Pace.Distribution] = [:]
    for part in parts {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(pair.first ?? "")
      guard ["ttft", "gap"].contains(name), pair.count == 2 else {
        throw DirectiveError(
          "'\(name)' is no part of a model\(Self.advice(on: name)): write \(Self.example)")
      }
      do throws(DirectiveError) {
        let distribution = try Pace.Distribution(parsing: pair[1])
        guard found.updateValue(distribution, forKey: name) == nil else {
          throw DirectiveError("it is given twice")
        }
      } catch {
        throw error.at("pace model, \(name)")
      }
    }
    guard let gap = found["gap"] else {
      throw DirectiveError("a model needs the distribution of its gaps: write \(Self.example)")
    }
    self.init(first: found["ttft"], gap: gap)
  }

  private static func advice(on name: String) -> String {
    let names = ["ttft": "ttft", "first": "ttft", "gap": "gap", "itl": "gap", "interval": "gap"]
    let meant = Spelling.nearest(to: name, among: names.keys.sorted()).flatMap { names[$0] }
    return meant.map { "; did you mean '\($0)='?" } ?? ""
  }
}

extension Pace.Model: CustomStringConvertible {
  /// The model in the form that parses back to it.
  public var description: String {
    (first.map { "ttft=\($0)," } ?? "") + "gap=\(gap)"
  }
}
