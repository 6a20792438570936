internal import Dialects

extension ExchangeMessage {
  /// How many problems are told one by one.
  private static let problemLimit = 3

  /// What there is to say about the message, in one line: why it is not whole, and what is wrong or
  /// odd about its events; nil where there is nothing.
  ///
  /// An answer whose status says that it is an error has no message, and nothing is said of it.
  package var remarks: String? {
    var remarks: [String] = []
    if let reason = completeness.reason, !isErrorAnswer { remarks.append("incomplete: \(reason)") }
    let log = accumulator.log
    var told: Set<String> = []
    var more = 0
    for problem in log.problems where told.insert(problem.text).inserted {
      guard told.count <= Self.problemLimit else {
        more += 1
        continue
      }
      remarks.append(
        problem.event > 0 ? "event \(problem.event): \(problem.text)" : problem.text)
    }
    if more > 0 { remarks.append("\(more) more, which show --json lists") }
    return remarks.isEmpty ? nil : "\(dialect.name): " + remarks.joined(separator: "; ")
  }
}
