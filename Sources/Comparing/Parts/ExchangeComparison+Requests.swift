internal import Cassettes
internal import HTTP
internal import Matching
internal import Redaction

extension ExchangeComparison {
  /// Compares what was asked, as matching does, and the header fields.
  mutating func compareRequests() {
    guard !rules.ignored.contains(.request) else { return }
    let (mine, theirs) = (was.exchange.request, now.exchange.request)
    let mineCompared = ComparableRequest(mine, comparing: Comparison())
    let theirsCompared = ComparableRequest(theirs, comparing: Comparison())
    var found = Differences(mineCompared, theirsCompared, headers: [])
    found.addBody(mineCompared.body, theirsCompared.body, isDeep: true)
    for difference in found.list {
      add(
        ExchangeDifference(
          .request, difference.at, was: difference.recorded, now: difference.asked))
    }
    add(more: found.more, of: .request)
    // The fields of a check are what its caller gives; those of two recordings tell of two clients.
    guard !rules.isDrift || rules.isStrict else { return }
    compareFields(.request, mine.headers, theirs.headers)
  }

  /// Compares the header fields of two messages, each name once.
  mutating func compareFields(
    _ kind: DifferenceKind, _ mine: [HeaderField], _ theirs: [HeaderField],
    isVolatile: (String) -> Bool = VolatileNames.hasField
  ) {
    var seen: Set<String> = []
    let (mine, theirs) = (Self.values(of: mine), Self.values(of: theirs))
    for name in mine.names + theirs.names where seen.insert(name).inserted {
      compare(
        kind, "header \(name)", mine.values[name], theirs.values[name],
        isVolatile: isVolatile(name))
    }
  }

  /// The fields by their names in lower case: several of one name joined, redacted. (RFC 9110, 5.3)
  private static func values(
    of fields: [HeaderField]
  ) -> (names: [String], values: [String: String]) {
    var names: [String] = []
    var values: [String: [String]] = [:]
    for var field in fields {
      Redactor.redact(&field)
      let name = field.name.lowercased()
      if values[name] == nil { names.append(name) }
      values[name, default: []].append(field.utf8Value)
    }
    return (names, values.mapValues { $0.joined(separator: ", ") })
  }
}
