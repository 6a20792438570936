internal import HTTP
internal import Planning

/// The path, the query and the body of a request for one of the deck's own pages.
struct ControlQuery {
  /// The path below `/~/`.
  let path: Substring

  /// The body, empty for a page that takes none.
  var body: [UInt8] = []

  private let parameters: [Substring]

  /// Takes a target apart that begins with `/~/`, in which `~` may be written `%7E`.
  init(target: String) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = (parts.first ?? "").dropFirst().drop { $0 != "/" }.dropFirst()
    parameters = parts.count > 1 ? parts[1].split(separator: "&") : []
  }

  /// The value of a parameter, as it was written, or nil where it is not there.
  func value(of name: String) -> Substring? {
    parameters.first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1)
  }

  /// The session that a parameter names.
  func session() throws(DeckRefusal) -> String? {
    guard let value = value(of: "session") else { return nil }
    return try Self.session(value)
  }

  /// A session's name, as a URL has it.
  static func session(_ text: some StringProtocol) throws(DeckRefusal) -> String {
    var directives = Directives()
    do {
      try directives.set("session=\(text)")
    } catch {
      throw DeckRefusal(status: 400, error.description)
    }
    return directives.session ?? ""
  }

  /// A number that a parameter gives.
  func number(_ name: String) throws(DeckRefusal) -> Int? {
    guard let value = value(of: name) else { return nil }
    guard let number = Int(value), number >= 0 else {
      throw DeckRefusal(status: 400, "\(name)=\(value): write a whole number of 0 or more")
    }
    return number
  }
}
