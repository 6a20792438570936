internal import Cassettes
package import LosslessJSON

/// A request of the deck's journal, as its own page tells of it.
package struct LiveRequest: Sendable {
  /// When it came, in microseconds since 1970.
  package var at: Int64
  /// The session by which requests are grouped, or "" for none.
  package var session: String
  /// The entry as the journal's page has it, without what authenticates.
  package var entry: JSONValue

  /// Creates a request.
  package init(at: Int64, session: String, entry: JSONValue) {
    self.at = at
    self.session = session
    self.entry = entry
  }

  var number: String { entry["id"]?.integer.map { "\($0)" } ?? "" }
  var ended: String { entry["ended"]?.text ?? "" }
  var status: String { entry["status"]?.integer.map { "\($0)" } ?? "" }
  var conduct: String { entry["conduct"]?.text ?? "" }
  var name: String { entry["session"]?.text ?? "" }
  var miss: String { entry["miss"]?.text ?? "" }

  var faults: String {
    (entry["faults"]?.elements ?? []).compactMap { $0["fault"]?.text }.joined(separator: "; ")
  }

  var asked: String {
    [entry["method"]?.text, entry["path"]?.text].compactMap(\.self).joined(separator: " ")
  }

  /// The mark of how it went: under way, well, as a fault wanted it, or not answered.
  var mark: (sign: String, style: String) {
    if !miss.isEmpty { return ("✕", "w") }
    if !conduct.isEmpty, conduct != "ok" { return ("!", "k") }
    switch ended {
    case "": return ("…", "n")
    case "complete": return ("✓", "r")
    default: return ("↯", "n")
    }
  }
}

/// The page of a deck that a person looks at: its sessions and its last requests.
package struct LivePage: Sendable {
  /// The most sessions that are on the page.
  package static let sessionLimit = 50
  /// The most requests that are on the page.
  package static let requestLimit = 200
  /// From how many of the newest requests sessions are known.
  package static let knownLimit = 400
  /// After how many seconds a browser asks again.
  package static let refreshSeconds = 5

  private let requests: [LiveRequest]
  private let facts: [(name: String, value: String)]

  /// Creates the page.
  ///
  /// - Parameters:
  ///   - requests: The newest requests, oldest first.
  ///   - facts: What the deck has counted.
  package init(_ requests: [LiveRequest], facts: [(name: String, value: String)]) {
    self.requests = Array(requests.suffix(Self.knownLimit))
    self.facts = facts
  }

  /// The page's bytes.
  package var bytes: [UInt8] {
    let sessions = LiveSession.list(requests)
    let newest = requests.suffix(Self.requestLimit)
    var fields = PageFields()
    fields.set(
      "facts",
      list: facts.map { fact in
        var fields = PageFields()
        fields.set("name", text: fact.name)
        fields.set("value", text: fact.value)
        return fields
      })
    fields.set("hasSessions", flag: !sessions.isEmpty)
    fields.set("sessions", list: sessions.prefix(Self.sessionLimit).map(\.fields))
    fields.set("hasRequests", flag: !requests.isEmpty)
    fields.set("requests", list: newest.reversed().map(Self.row))
    if sessions.count > Self.sessionLimit || requests.count == Self.knownLimit {
      fields.set(
        "note",
        text: "Here are the newest \(min(sessions.count, Self.sessionLimit)) sessions among the "
          + "last \(requests.count) requests.")
    }
    fields.set("footer", text: "tapedeck \(TapedeckVersion.current)")
    let content = PageTemplate.part("live", fields)
    let page = PageTemplate.page(
      title: "tapedeck: sessions and requests", content: content, refresh: Self.refreshSeconds)
    return Array(page.utf8)
  }

  private static func row(_ request: LiveRequest) -> PageFields {
    let entry = request.entry
    let (sign, style) = request.mark
    var fields = PageFields()
    fields.set("number", text: request.number)
    fields.set("at", text: LiveSession.clock(entry["at"]?.text ?? ""))
    fields.set("mark", markup: "<span class=\"mark \(style)\" aria-hidden=\"true\">\(sign)</span>")
    fields.set("session", text: request.name, limit: 40)
    fields.set("attempt", text: entry["attempt"]?.integer.map { "\($0)" } ?? "")
    fields.set("asked", text: request.asked, limit: 80)
    fields.set("status", text: request.status)
    fields.set("bytes", text: entry["bytes"]?.integer.map { "\($0)" } ?? "")
    let ended = request.ended.isEmpty ? "under way" : request.ended
    let conduct = request.conduct == "ok" ? "" : request.conduct
    let said = [request.miss, request.faults, request.miss.isEmpty ? ended : "", conduct]
    fields.set("said", text: said.filter { !$0.isEmpty }.joined(separator: " · "), limit: 240)
    return fields
  }
}
