internal import Cassettes
internal import HTTP

extension Draft {
  /// The recorded fields but for those that framing makes anew. (RFC 9110, 7.6.1)
  static func headers(of head: ResponseHead, for request: RecordedRequest) -> [HeaderField] {
    var dropped = head.headers.hopByHopNames.union(["content-length"])
    // Where no body follows, a length is a fact about the resource. (RFC 9110, 8.6)
    if request.method == "HEAD" || head.status == 304 { dropped.remove("content-length") }
    // A body that the recorder did not decode is still encoded, and has to say so.
    if head.decoded != nil { dropped.insert("content-encoding") }
    return head.headers.filter { !dropped.contains($0.name.lowercased()) }.map { field in
      guard field.isNamed("location"), let origin = request.url.flatMap(origin(of:)) else {
        return field
      }
      return HeaderField(field.name, pathBelow(origin, in: field.value))
    }
  }

  /// Gives a `location` on the deck the directives back that the client's request came with.
  mutating func prefixLocation(with prefix: String) {
    for index in headers.indices
    where headers[index].isNamed("location") && headers[index].value.hasPrefix("/")
      && !headers[index].value.hasPrefix("//")
    {
      headers[index].value = prefix + headers[index].value
    }
  }

  /// Lets a page of an origin read the answer. (Fetch, 3.2 CORS protocol)
  mutating func allow(origin: String) {
    let made = [
      "access-control-allow-origin", "access-control-allow-credentials",
      "access-control-expose-headers",
    ]
    headers.removeAll { made.contains($0.name.lowercased()) }
    headers.append(HeaderField("access-control-allow-origin", origin))
    headers.append(HeaderField("access-control-allow-credentials", "true"))
    let names = Set(headers.map { $0.name.lowercased() })
      .filter { !$0.hasPrefix("access-control-") }.sorted()
    headers.append(HeaderField("access-control-expose-headers", names.joined(separator: ", ")))
    // The answer to another page's request would say another origin. (Fetch, 3.2.5)
    let varies = headers.contains { field in
      field.isNamed("vary")
        && field.value.lowercased().split(whereSeparator: { ", \t".contains($0) })
          .contains { $0 == "origin" || $0 == "*" }
    }
    if !varies { headers.append(HeaderField("vary", "origin")) }
  }

  /// The scheme, host and port of a URL, or nil where it has none.
  private static func origin(of url: String) -> String? {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0].hasSuffix(":"), parts[1].isEmpty else { return nil }
    let authority = parts[2].prefix { $0 != "?" && $0 != "#" }
    // User and password are none of the origin, and no server names them in a location.
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
    return "\(parts[0])//\(host ?? authority)"
  }

  /// A location on the recorded origin as a path on the deck; any other stays as it is.
  private static func pathBelow(_ origin: String, in location: String) -> String {
    guard location.hasPrefix(origin) else { return location }
    let rest = location.dropFirst(origin.count)
    if rest.isEmpty { return "/" }
    switch rest.first {
    case "/": return String(rest)
    case "?", "#": return "/" + rest
    default: return location
    }
  }
}
