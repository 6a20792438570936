package import Cassettes

/// The words in which evidence is told: numbers before opinions.
extension ContentJudge {
  /// What was delivered.
  var told: String {
    let count = text.shortest.characterCount
    let whole = expected.whole.characterCount
    guard !text.shortest.isEmpty else {
      return expected.whole.isEmpty
        ? "delivered nothing" : "delivered 0 of \(Self.counted(whole))"
    }
    if delivered.isCut { return "delivered more than \(Self.counted(count))" }
    if text.equals(expected.whole) { return "delivered all \(Self.counted(whole))" }
    if text.begins(expected.whole) { return "delivered \(count) of \(Self.counted(whole))" }
    let place = text.commonBytes(with: expected.whole) + 1
    return "delivered \(Self.counted(count)) that differ from byte \(place) on from the whole "
      + "\(whole)"
  }

  /// How the client ended, and what it claims by that.
  var ending: String {
    switch (delivered.end, delivered.claim) {
    case (.timedOut, _): return "had not ended when its time was up"
    case (.exited(let code), let claim) where claim == nil || (claim == .complete) == (code == 0):
      let said = code == 0 ? nil : delivered.error.map { ", saying '\(Self.brief($0))'" }
      return "exited with \(code)\(said ?? "")"
    case (_, let claim?):
      return "said '\(claim.rawValue)'\(delivered.error.map { ": \(Self.brief($0))" } ?? "")"
    case (.signaled(let signal), nil): return "was ended by signal \(signal)"
    case (_, nil): return "said nothing of its end"
    }
  }

  /// What speaks against what the client did.
  func though(_ arrival: Arrival?) -> String {
    arrival.map { ", though \(onAttempt($0))\($0.step.why)" } ?? ""
  }

  /// What speaks for what the client did.
  func since(_ arrival: Arrival) -> String { ": \(onAttempt(arrival))\(arrival.step.why)" }

  private func onAttempt(_ arrival: Arrival) -> String {
    attempts.count > 1 ? "on the last of \(attempts.count) attempts " : ""
  }

  private static func counted(_ count: Int) -> String {
    "\(count) character\(count == 1 ? "" : "s")"
  }

  /// The first line of what a client says, as far as it fits into a sentence.
  private static func brief(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).first ?? ""
    return line.count > briefCharacters ? line.prefix(briefCharacters) + "..." : String(line)
  }

  private static let briefCharacters = 120
}

extension Microseconds {
  /// The time as a reader takes it in: `1,250 ms` is `1.25 s`.
  package var words: String {
    if count < 1_000_000 { return "\(count / 1000) ms" }
    let hundredths = count / 10_000
    let fraction = String(hundredths % 100 + 100).dropFirst()
    let short = fraction.hasSuffix("0") ? fraction.dropLast() : fraction
    return "\(hundredths / 100)\(short == "0" ? "" : ".\(short)") s"
  }
}
