internal import LosslessJSON
internal import Redaction

/// Finds the requests of a cassette that were recorded and never answered.
///
/// Two exchanges are of one request where method, path and body are equal, the body as JSON where
/// it is. Of each request no more is kept than a few words, since a cassette may have many.
struct UnansweredRequests {
  /// What is known of one request.
  private struct Request {
    var first: Int
    var line: String
    /// How its exchanges ended, the first few.
    var outcomes: [String] = []
    var count = 0
    var isAnswered = false
  }

  /// A hash of 128 bits.
  private struct Key: Hashable {
    var parts: [Int]

    init(_ request: RecordedRequest) {
      let body = (try? ComparableJSON(parsing: request.body))?.bytes ?? request.body
      parts = [0, 1].map { seed in
        var hasher = Hasher()
        hasher.combine(seed)
        hasher.combine(request.method)
        hasher.combine(request.target)
        hasher.combine(body)
        return hasher.finalize()
      }
    }
  }

  /// How many outcomes are named.
  private static let namedLimit = 5

  private var requests: [Key: Request] = [:]

  /// Takes in the next exchange.
  mutating func add(_ exchange: Exchange, number: Int) {
    let line = "\(exchange.request.method) \(exchange.request.target)"
    let key = Key(exchange.request)
    var request = requests[key] ?? Request(first: number, line: Redactor.redact(text: line))
    request.count += 1
    request.isAnswered = request.isAnswered || exchange.isAnswer
    if request.isAnswered {
      (request.line, request.outcomes) = ("", [])
    } else if request.outcomes.count < Self.namedLimit {
      request.outcomes.append(Self.outcome(of: exchange))
    }
    requests[key] = request
  }

  private static func outcome(of exchange: Exchange) -> String {
    guard let head = exchange.head, exchange.ending.how == .complete else {
      return exchange.ending.how.rawValue
    }
    return "\(head.status)"
  }

  /// A finding for each request without an answer, by its first exchange.
  var findings: [CheckFinding] {
    requests.values.filter { !$0.isAnswered }.sorted { $0.first < $1.first }.map { request in
      let more = request.count - request.outcomes.count
      let outcomes = request.outcomes.joined(separator: ", ")
      return CheckFinding(
        .unanswered,
        "\(request.line) has no answer, only \(outcomes)\(more > 0 ? " and \(more) more" : ""): "
          + "--mode auto and --mode once request it again", exchange: request.first)
    }
  }
}
