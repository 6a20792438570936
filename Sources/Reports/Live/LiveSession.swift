internal import Cassettes

/// The requests of one session, on one time axis.
struct LiveSession {
  /// The most requests that are drawn.
  private static let drawnLimit = 100

  let requests: [LiveRequest]

  /// The sessions of some requests, the one that asked last first.
  static func list(_ requests: [LiveRequest]) -> [LiveSession] {
    var last: [String: Int] = [:]
    for (place, request) in requests.enumerated() { last[request.session] = place }
    let members = Dictionary(grouping: requests, by: \.session)
    return last.sorted { $0.value > $1.value }.map { LiveSession(requests: members[$0.key] ?? []) }
  }

  /// The time of day of a time stamp: `15:01:16.267`.
  static func clock(_ stamp: String) -> String {
    let time = stamp.drop { $0 != "T" }.dropFirst().prefix(12)
    return time.count == 12 ? String(time) : stamp
  }

  var fields: PageFields {
    var fields = PageFields()
    let name = requests.first?.name ?? ""
    fields.set("name", text: name.isEmpty ? "without a session" : name, limit: 80)
    fields.set("summary", text: summary)
    fields.set("picture", markup: picture)
    // What a URL would have to have in another form is not made a link.
    let isPlain = name.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
          || scalar == "-" || scalar == "_")
    }
    if !name.isEmpty, isPlain { fields.set("link", text: "api/sessions/\(name)") }
    return fields
  }

  private var summary: String {
    let answered = requests.filter { $0.ended == "complete" }.count
    let missed = requests.filter { !$0.miss.isEmpty }.count
    let faults = requests.reduce(0) { $0 + ($1.faults.isEmpty ? 0 : 1) }
    let conduct = requests.map(\.conduct).filter { !$0.isEmpty && $0 != "ok" }.uniqued
    let count = requests.count
    var parts = ["\(count) \(count == 1 ? "request" : "requests")", "\(answered) complete"]
    if faults > 0 { parts.append("\(faults) with faults") }
    if missed > 0 { parts.append("\(missed) not answered from a cassette") }
    return (parts + conduct).joined(separator: ", ")
  }

  private var picture: String {
    let drawn = requests.suffix(Self.drawnLimit)
    let start = drawn.first?.at ?? 0
    let times = drawn.map { Microseconds(saturating: $0.at - start) }
    let scale = TimeScale(times, left: 8, right: 940, shortensWaits: true)
    var drawing = Drawing()
    scale.draw(in: &drawing, y: 22, bottom: 46)
    drawing.line(8, 46, toX: 940, toY: 46, style: "axis")
    var lastX = -Double.infinity
    var lastLabel = -Double.infinity
    for (request, time) in zip(drawn, times) {
      let x = scale.x(time)
      if x - lastX >= 4 {
        lastX = x
        if request.ended.isEmpty, request.miss.isEmpty {
          drawing.line(x, 36, toX: x, toY: 46, style: "planned")
        } else {
          drawing.end(x: x, y: 46, isWell: request.ended == "complete" && request.miss.isEmpty)
        }
      }
      let label = request.faults.isEmpty ? request.status : String(request.faults.prefix(24))
      let room = Drawing.width(of: label) / 2
      let middle = min(max(x, room), 960 - room)
      guard middle - room > lastLabel + 8 else { continue }
      lastLabel = middle + room
      drawing.text(label, x: middle, y: 68, style: "small quiet", anchor: .middle)
    }
    return drawing.svg(width: 960, height: 76, title: "the requests of a session")
  }
}
