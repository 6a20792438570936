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
///
/// In memory is what is being read and nothing that was handed over before.
package final class DocumentReader {
  private let feed: BoundedFeed
  private let syntax: DocumentSyntax
  private let limits: DocumentLimits
  private var hasBegun = false
  // Of the syntax that it is, one as long as there may be more documents.
  private var json: JSONNodes?
  private var yaml: YAMLNodes?

  /// Creates a reader that stands before the first document.
  ///
  /// - Parameters:
  ///   - feed: Gives the bytes, which are pulled as they are needed.
  ///   - syntax: Of what the bytes are.
  ///   - limits: What is read before the input is refused.
  package init(_ feed: @escaping ByteFeed, syntax: DocumentSyntax, limits: DocumentLimits = .init())
  {
    self.feed = BoundedFeed(feed, limits: limits)
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
  /// - Throws: A `DocumentError`, and what `element` and the feed throw. Nothing more can be read
  ///   then.
  package func next(
    streaming paths: [[String]] = [], _ element: (Node, Int) throws -> Void = { _, _ in }
  ) throws -> Node? {
    let paths = StreamedPaths(paths)
    if !hasBegun {
      hasBegun = true
      switch syntax {
      case .json: json = JSONNodes(feed, limits: limits)
      case .yaml: yaml = try YAMLNodes(feed, limits: limits)
      }
    }
    // Where something is thrown nobody knows where the reader stands, so it is not put back.
    if var nodes = json.take() {
      guard let document = try nodes.document(paths, element) else { return nil }
      json = nodes
      return document
    }
    if var nodes = yaml.take() {
      guard let document = try nodes.document(paths, element) else { return nil }
      yaml = nodes
      return document
    }
    return nil
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
}
