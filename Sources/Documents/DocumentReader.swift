package import LosslessJSON

/// Gives the next bytes of an input: at most as many as are asked for, none at its end.
package typealias ByteFeed = (_ limitBytes: Int) throws -> [UInt8]

/// The syntaxes that are read as nodes.
package enum DocumentSyntax: Sendable {
  case json, yaml
}

/// What is read of one input before it is refused.
package struct DocumentLimits: Hashable, Sendable {
  /// The bytes of one node that is handed over, and of what stands around the nodes; 256 MiB unless
  /// told otherwise.
  package var nodeBytes: Int
  /// How deep sequences and mappings may stand in each other; 64 unless told otherwise.
  package var nesting: Int
  /// The nodes in one that is handed over; 1,000,000 unless told otherwise.
  package var nodes: Int

  /// Creates limits; each has its default.
  package init(nodeBytes: Int = 256 << 20, nesting: Int = 64, nodes: Int = 1_000_000) {
    self.nodeBytes = nodeBytes
    self.nesting = nesting
    self.nodes = nodes
  }
}

/// Why an input is not what its syntax says.
package struct DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1; 0 where nobody knows.
  package var line: Int
  /// What was expected, what was found, and what to do.
  package var reason: String

  /// Creates an error.
  package init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }

  /// The line and the reason, for a terminal.
  package var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}

/// Reads the documents of an input, and hands over the elements of long sequences one by one.
package final class DocumentReader {
  private let feed: ByteFeed
  private let syntax: DocumentSyntax
  private let limits: DocumentLimits
  private var documents: [Node]?

  /// Creates a reader that stands before the first document.
  package init(_ feed: @escaping ByteFeed, syntax: DocumentSyntax, limits: DocumentLimits = .init())
  {
    self.feed = feed
    self.syntax = syntax
    self.limits = limits
  }

  /// The next document, or nil behind the last.
  ///
  /// - Parameters:
  ///   - paths: The sequences whose elements are handed over as soon as they are read, each by the
  ///     keys that lead to it; `[]` is the document itself. In what is returned they stand empty.
  ///   - element: Receives each such element, with the number of its path.
  /// - Returns: The document, its streamed sequences empty.
  /// - Throws: A `DocumentError`, and what `element` and the feed throw.
  package func next(
    streaming paths: [[String]] = [], _ element: (Node, Int) throws -> Void = { _, _ in }
  ) throws -> Node? {
    var documents = try documents ?? all()
    guard !documents.isEmpty else {
      self.documents = []
      return nil
    }
    var document = documents.removeFirst()
    self.documents = documents
    for (number, path) in paths.enumerated() {
      for item in document[path: path]?.items ?? [] { try element(item, number) }
      document.empty(path[...])
    }
    return document
  }

  private func all() throws -> [Node] {
    var bytes: [UInt8] = []
    while true {
      let more = try feed(64 << 10)
      if more.isEmpty { break }
      bytes += more
      guard bytes.count <= limits.nodeBytes else {
        throw DocumentError(line: 0, reason: "has more than \(limits.nodeBytes) bytes")
      }
    }
    switch syntax {
    case .json:
      do throws(JSONError) {
        return [Node(try JSONValue(parsing: bytes), line: 1)]
      } catch {
        let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
        throw DocumentError(line: line, reason: "the JSON \(error.reason)")
      }
    case .yaml: return try YAMLEvents(bytes, nesting: limits.nesting).documents()
    }
  }
}

extension Node {
  /// The node that a JSON value is; of the lines inside it nothing is known.
  package init(_ json: JSONValue, line: Int = 0) {
    func plain(_ text: String) -> Value { .scalar(Scalar(bytes: Array(text.utf8), isPlain: true)) }
    let value: Value =
      switch json {
      case .null: plain("null")
      case .bool(let truth): plain(truth ? "true" : "false")
      case .number(let text): plain(text)
      case .string(let bytes): .scalar(Scalar(bytes: bytes, isPlain: false))
      case .array(let items): .sequence(items.map { Node($0, line: line) })
      case .object(let members):
        .mapping(
          members.map { member in
            let key = Node(.scalar(Scalar(bytes: member.key, isPlain: false)), line: line)
            return Member(key: key, value: Node(member.value, line: line))
          })
      }
    self.init(value, line: line)
  }

  fileprivate mutating func empty(_ path: ArraySlice<String>) {
    guard let key = path.first else {
      if case .sequence = value { value = .sequence([]) }
      return
    }
    guard case .mapping(var members) = value,
      let place = members.firstIndex(where: { $0.key.hasBytes(of: key) })
    else { return }
    members[place].value.empty(path.dropFirst())
    value = .mapping(members)
  }
}
