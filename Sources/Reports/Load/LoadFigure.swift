internal import Cassettes
internal import Loading

/// Numbers of a run of load as a person reads them.
enum LoadFigure {
  /// A count with its digits in groups of three.
  static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var grouped = value < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { grouped += "," }
      grouped.append(digit)
    }
    return grouped
  }

  /// A number with three digits, or as many as stand before its point.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "–" }
    let places = value.magnitude < 9.995 ? 100.0 : value.magnitude < 99.95 ? 10 : 1
    let scaled = Int64((value.magnitude * places).rounded())
    let sign = value < 0 && scaled > 0 ? "−" : ""
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int64(places))
    guard rest > 0 else { return sign + count(Int(whole)) }
    var fraction = String(String(rest + Int64(places)).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    return sign + "\(count(Int(whole))).\(fraction)"
  }

  /// So many a second.
  static func rate(_ value: Double) -> String { "\(number(value))/s" }

  /// A share of a whole in percent.
  static func share(_ part: Int, of whole: Int) -> String {
    whole > 0 ? "\(number(Double(part) * 100 / Double(whole))) %" : "–"
  }

  /// What is different to a number before it, in percent of that: `+12 %`.
  static func change(_ value: Double, from before: Double) -> String {
    guard before > 0 else { return value > 0 ? "new" : "" }
    let percent = (value - before) * 100 / before
    guard percent.magnitude >= 0.05 else { return "±0 %" }
    return (percent > 0 ? "+" : "") + number(percent) + " %"
  }

  /// How a change looks: what is at least a twentieth worse or better stands out.
  static func tone(_ value: Double, from before: Double, lessIsBetter: Bool) -> String {
    guard before > 0, (value - before).magnitude >= before / 20 else { return "even" }
    return (value < before) == lessIsBetter ? "better" : "worse"
  }
}

extension LoadMetric {
  /// The metrics in the order in which a reader looks at them, with the words for them.
  static let inOrder: [(metric: LoadMetric, words: String)] = [
    (.ttfb, "first byte"), (.ttft, "first content (TTFT)"), (.second, "second content"),
    (.gap, "gaps between events, pooled"), (.gapMean, "mean gap of a stream"),
    (.tpot, "time per output token"), (.longestGap, "longest gap of a stream"),
    (.stream, "whole stream"), (.broken, "stream that broke"), (.late, "later than recorded"),
    (.dispatch, "the generator's own delay"), (.ttfbSent, "first byte, from the send"),
    (.ttftSent, "first content, from the send"), (.secondSent, "second content, from the send"),
    (.streamSent, "whole stream, from the send"),
  ]
}

extension StreamOutcome {
  /// What it is called on a page.
  var words: String {
    switch self {
    case .whole: "whole"
    case .cut: "cut"
    case .errorEvent: "error event"
    case .status: "status of 400 or more"
    case .notAStream: "no event stream"
    case .refused: "refused"
    case .timeout: "timeout"
    case .cancelled: "cancelled by us"
    }
  }

  /// Its class in `page.css`.
  var style: String { self == .whole ? "r" : isError ? "w" : "n" }
}

extension NotSentReason {
  /// Why, on a page.
  var words: String {
    switch self {
    case .ended: "the run was over"
    case .descriptors: "no descriptor or port was left"
    case .tooMany: "more streams than --max-in-flight were under way"
    case .conversation: "the turn before it had failed"
    }
  }
}

extension Verification {
  /// What it is called on a page.
  var words: String {
    switch self {
    case .equal: "equal to the recording"
    case .lost: "text is missing"
    case .doubled: "text came more than once"
    case .changed: "the text is another"
    }
  }
}
