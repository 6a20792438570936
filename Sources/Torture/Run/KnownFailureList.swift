internal import Documents

/// The flat mappings of a list, in YAML or in JSON, for which libyaml is not needed.
struct KnownFailureList {
  /// One mapping.
  struct Item {
    var line: Int
    var members: [String: String]
  }

  /// The mappings, in the order in which they stand.
  let items: [Item]

  init(_ bytes: [UInt8]) throws(KnownFailuresError) {
    // A list in JSON is one in YAML too, but not the other way around.
    let isJSON = bytes.first { $0 > 0x20 } == UInt8(ascii: "[")
    let document: Node?
    do {
      document =
        try (isJSON ? try? Self.document(bytes, .json) : nil) ?? Self.document(bytes, .yaml)
    } catch let error as DocumentError {
      throw KnownFailuresError(line: error.line, reason: error.reason)
    } catch {
      throw KnownFailuresError(line: 0, reason: "\(error)")
    }
    // A file of comments only has no failures.
    guard let document, !document.isNull else {
      items = []
      return
    }
    guard let nodes = document.items else { throw Self.unfit(document.line) }
    var items: [Item] = []
    for node in nodes { items.append(try Self.item(node)) }
    self.items = items
  }

  /// The only document, or nil where there is none.
  private static func document(_ bytes: [UInt8], _ syntax: DocumentSyntax) throws -> Node? {
    var rest = bytes
    let feed: ByteFeed = { _ in
      defer { rest = [] }
      return rest
    }
    let reader = DocumentReader(feed, syntax: syntax)
    let document = try reader.next()
    if let second = try reader.next() { throw unfit(second.line) }
    return document
  }

  private static func item(_ node: Node) throws(KnownFailuresError) -> Item {
    guard let members = node.members else { throw unfit(node.line) }
    var item = Item(line: node.line, members: [:])
    for member in members {
      guard case .scalar = member.key.value, case .scalar(let value) = member.value.value else {
        throw unfit(member.key.line)
      }
      let key = member.key.text ?? ""
      let text = String(decoding: value.bytes, as: UTF8.self)
      guard item.members.updateValue(text, forKey: key) == nil else {
        throw KnownFailuresError(line: member.key.line, reason: "'\(key)' is given twice")
      }
    }
    return item
  }

  private static func unfit(_ line: Int) -> KnownFailuresError {
    KnownFailuresError(
      line: line, reason: "expected a list of mappings with case, verdict and why, each a text")
  }
}
