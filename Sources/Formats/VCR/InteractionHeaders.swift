internal import Documents
internal import HTTP

/// The fields of a request or a response, in whichever shape a cassette has them: by name, in
/// pairs, or as lines.
struct InteractionHeaders {
  /// The fields, in order.
  private(set) var fields: [HeaderField] = []
  /// What could not be taken.
  private(set) var losses: [String] = []

  /// Reads the fields.
  ///
  /// - Parameters:
  ///   - node: The fields, or nil where there are none.
  ///   - message: What they belong to.
  /// - Throws: An `ImportError` where they are none.
  init(_ node: Node?, in message: Node) throws {
    guard let node else { return }
    guard node.members != nil || node.items != nil else {
      throw ImportError(expected: "header fields by name or in a list", found: node, in: message)
    }
    try add(node)
  }

  private mutating func add(_ node: Node) throws {
    for member in node.members ?? [] { try add(member.value, named: Self.name(member.key)) }
    for item in node.items ?? [] {
      if let line = item.text {
        try add(line: line, item)
      } else if let name = item.first(of: "name", "key", "Name")?.text {
        try add(item.first(of: "value", "Value") ?? item, named: name)
      } else if let pair = item.items, pair.count == 2, let name = pair[0].text, name.isToken {
        try add(pair[1], named: name)
      } else {
        try add(item)
      }
    }
  }

  /// Adds a field for each value, which may be one or a list.
  private mutating func add(_ value: Node, named name: String) throws {
    if value.isNull { return }
    if let values = value.items {
      for value in values where !value.isNull { try add(value, named: name) }
      return
    }
    guard let bytes = value.bytes else {
      throw ImportError(expected: "a value of the field '\(name)'", found: value, in: value)
    }
    guard name.isToken else {
      losses.append("the header field '\(name)' is left out, since that is no name of one")
      return
    }
    // A value that was folded over several lines is one line. (RFC 9112, 5.2) Its characters are
    // the bytes of the wire, as Python has them, where all can be.
    let latin = value.isBinary ? nil : value.text.flatMap { Latin1.bytes(of: $0) }
    let content = (latin ?? bytes).map { $0.isFieldContent ? $0 : UInt8(ascii: " ") }
    fields.append(HeaderField(name, bytes: content[...].withoutBlanksAround))
  }

  /// Adds a field of a line as it went over the wire, or goes on with the one before.
  private mutating func add(line: String, _ node: Node) throws {
    guard let colon = line.firstIndex(of: ":"), !line.hasPrefix(" "), !line.hasPrefix("\t") else {
      throw ImportError(expected: "a header field, 'name: value'", found: node, in: node)
    }
    let value = Node(
      .scalar(
        .init(
          bytes: Array(line[line.index(after: colon)...].utf8),
          isPlain: false)), line: node.line)
    try add(value, named: String(line[..<colon]))
  }

  /// The name that a key is; Python's own kinds of strings stand in the arguments that make them.
  private static func name(_ key: Node) -> String {
    if let text = key.text { return text }
    if let items = key.items { return items.first.map(name) ?? "" }
    return key["args"].map(name) ?? ""
  }
}
