internal import Cassettes

/// The head of a request: its first line and its fields. (RFC 9112, 3 and 5)
struct RequestHead: Hashable {
  /// A token, as it came. (RFC 9110, 9.1)
  var method: String

  /// What is asked for: a path, a URL, `*` or, for CONNECT, an authority. (RFC 9112, 3.2)
  var target: String

  /// Whether its version is HTTP/1.1, and not HTTP/1.0.
  var isHTTP11: Bool

  /// The fields, in order.
  var fields: [HeaderField]

  /// The values of all fields of a name, given in lower case.
  func values(of name: String) -> [String] {
    fields.filter { $0.isNamed(name) }.map(\.value)
  }

  /// The members of a list that the fields of a name have together, in lower case. (RFC 9110,
  /// 5.6.1)
  func list(of name: String) -> [String] {
    values(of: name).flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
      .map { member in
        var member = member[...]
        while let first = member.first, first == " " || first == "\t" { member.removeFirst() }
        while let last = member.last, last == " " || last == "\t" { member.removeLast() }
        return member.lowercased()
      }
  }

  /// Whether the connection may serve another request. (RFC 9112, 9.3)
  var isKeepAlive: Bool {
    let options = list(of: "connection")
    if options.contains("close") { return false }
    return isHTTP11 || options.contains("keep-alive")
  }
}

/// What a request comes in.
enum RequestPart: Hashable {
  case head(RequestHead)
  /// Bytes of its body, at least one.
  case body(ArraySlice<UInt8>)
  /// It is whole.
  case end
}
