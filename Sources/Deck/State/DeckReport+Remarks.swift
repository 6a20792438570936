internal import Matching

extension DeckReport {
  /// What a user should know of what was forwarded though there were recordings.
  static func remarks(_ counts: DeckCounts, _ tally: DeckTally) -> [String] {
    var remarks: [String] = []
    if counts.askedAgain > 0 {
      remarks.append(
        counts.askedAgain == 1
          ? "1 request was asked again: its recordings held no answer"
          : "\(counts.askedAgain) requests were asked again: their recordings held no answer")
    }
    if let anew = anew(tally.anew) { remarks.append(anew) }
    return remarks
  }

  /// One line for all requests that were recorded though others like them had been: where most of
  /// them differ, and what would help.
  private static func anew(_ few: FirstFew<DeckTally.Anew>) -> String? {
    let ordered = few.items.enumerated().sorted {
      ($1.element.times, $0.offset) < ($0.element.times, $1.offset)
    }
    .map(\.element)
    guard let most = ordered.first else { return nil }
    var line = "\(few.total) recorded anew: nearest differs at \(places(of: most.item))"
    if few.total > most.times { line += ", \(few.total - most.times) elsewhere" }
    guard let option = ordered.lazy.compactMap(\.item.suggestion).first else { return line }
    let helped = ordered.filter { $0.item.suggestion == option }.reduce(0) { $0 + $1.times }
    return line + "; \(option) would match" + (helped < few.total ? " \(helped) of them" : "")
  }

  private static func places(of anew: DeckTally.Anew) -> String {
    let named = anew.places.joined(separator: ", ")
    return anew.more > 0 ? "\(named) and \(anew.more) more" : named
  }
}

extension DeckTally.Anew {
  /// How many places are named.
  private static let namedLimit = 3

  /// Says in what a request differs from the nearest one.
  init(_ detail: MissDetail) {
    places = detail.differences.prefix(Self.namedLimit).map(\.place)
    more = detail.differences.count + detail.more - places.count
    suggestion = detail.suggestion
  }
}
