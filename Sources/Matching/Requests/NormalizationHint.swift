internal import LosslessJSON

/// Finds what would have to be normalized for a request to match a recording, by trying it.
enum NormalizationHint {
  /// The fewest normalizations, beside those that are in use, that make the two requests equal.
  ///
  /// - Parameters:
  ///   - recorded: The recording's request.
  ///   - asked: What was asked.
  ///   - normalizer: What is normalized already.
  /// - Returns: Their names as `--match-normalize` takes them, or nil where none of them does it.
  static func find(
    recorded: ComparableRequest, asked: ComparableRequest, beside normalizer: Normalizer
  ) -> String? {
    guard recorded.line.method == asked.line.method, recorded.line.path == asked.line.path,
      recorded.headers == asked.headers,
      recorded.line != asked.line || recorded.body != asked.body,
      let mine = Part(recorded), let theirs = Part(asked)
    else { return nil }
    let unused = Normalization.allCases.filter { !normalizer.uses($0) }
    let choices = choices(of: unused).sorted { $0.count < $1.count }
    return choices.first { chosen in
      let normalizer = Normalizer(Set(chosen))
      return mine.normalized(by: normalizer) == theirs.normalized(by: normalizer)
    }?.map(\.rawValue).joined(separator: ",")
  }

  /// Every choice of one or more.
  private static func choices(of all: [Normalization]) -> [[Normalization]] {
    all.reduce(into: [[]]) { choices, one in choices += choices.map { $0 + [one] } }
      .filter { !$0.isEmpty }
  }

  /// What of a request normalizations change.
  private struct Part {
    var line: RequestLine
    var body: [UInt8] = []

    init?(_ request: ComparableRequest) {
      line = request.line
      guard request.body.isJSON || request.body.bytes.isEmpty else { return nil }
      body = request.body.bytes
    }

    func normalized(by normalizer: Normalizer) -> [[UInt8]] {
      var line = line
      line.normalize(by: normalizer)
      let form = try? ComparableJSON(parsing: body) { normalizer.normalize(&$0) }
      return [Array(line.comparedTarget.utf8), form?.bytes ?? body]
    }
  }
}
