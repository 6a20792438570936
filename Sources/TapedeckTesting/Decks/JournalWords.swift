/// What an issue says of the requests of a test.
enum JournalWords {
  /// How many requests are listed.
  private static let limit = 10

  /// Some words, and below them the requests, with the directives that play each answer again.
  static func text(_ words: String, _ journal: [JournaledRequest]) -> String {
    let left = journal.count - limit
    let more = left > 0 ? ["and \(left) more"] : []
    return ([words] + journal.prefix(limit).flatMap(lines) + more).joined(separator: "\n")
  }

  private static func lines(of request: JournaledRequest) -> [String] {
    let asked = [request.method, request.path].compactMap(\.self).joined(separator: " ")
    var facts = [asked.isEmpty ? "no request" : asked]
    if let attempt = request.attempt { facts.append("attempt \(attempt)") }
    if let status = request.status { facts.append("status \(status)") }
    facts.append("\(request.events) \(request.events == 1 ? "event" : "events")")
    facts.append(request.ended.map { "ended as \($0)" } ?? "under way")
    if !request.faults.isEmpty { facts.append(request.faults.joined(separator: ";")) }
    let line = "request \(request.number): \(facts.joined(separator: ", "))"
    return [line] + (request.reproduce.map { ["  reproduce: \($0)"] } ?? [])
  }
}
