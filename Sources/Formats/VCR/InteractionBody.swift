internal import Documents
internal import HTTP

/// The body of a request or a response, in whichever shape a cassette has it.
struct InteractionBody {
  /// Whose body it is.
  enum Half: String {
    case request, response
  }

  /// The bytes.
  private(set) var bytes: [UInt8] = []
  /// What is not as it was sent.
  private(set) var losses: [String] = []
  private let half: Half

  /// What stands around a body, and is all there is where that is empty.
  private static let emptyKeys = ["encoding", "string", "base64_string"]

  /// The encoding of which each byte is a character of the text.
  ///
  /// Python's requests takes it for a text without a charset.
  private static let latin1Names: Set = ["ISO-8859-1", "iso-8859-1", "latin-1", "latin1"]

  /// Reads the body of a message.
  ///
  /// - Parameters:
  ///   - message: The request or response.
  ///   - half: Which of them it is.
  ///   - fields: Its header fields.
  /// - Throws: An `ImportError` where it has none of those shapes.
  init(of message: Node, _ half: Half, fields: [HeaderField]) throws {
    self.half = half
    if let parsed = message.first(of: "parsed_body") {
      let isJSON = fields.value(of: "content-type").map { $0.contains("json") } ?? true
      if let text = parsed.bytes, !isJSON { bytes = text } else { write(parsed) }
    } else if let body = message.first(of: "body", "Body", "content") {
      try read(body)
    }
  }

  private mutating func read(_ node: Node) throws {
    if node.isNull { return }
    switch node.value {
    case .scalar: bytes = try Self.text(node)
    case .mapping(let members):
      if let text = node.first(of: "string") {
        try read(text)
        if !text.isBinary, let name = node["encoding"]?.text, Self.latin1Names.contains(name) {
          bytes = Latin1.bytes(of: String(decoding: bytes, as: UTF8.self)) ?? bytes
        }
      } else if let coded = node.first(of: "base64_string", "base64", "raw_gzip") {
        bytes = try Self.base64(coded)
      } else if let state = node["state"]?.items?.first {
        // A stream of Python, whose state begins with its bytes.
        try read(state)
      } else if let parsed = node.first(of: "json", "parsed_body") {
        write(parsed)
      } else if !members.allSatisfy({ Self.emptyKeys.contains(where: $0.key.hasBytes) }) {
        guard half == .request else { throw expected(node) }
        write(node)
      }
    case .sequence(let items):
      guard half == .request else { throw expected(node) }
      if items.allSatisfy({ $0.bytes != nil }) {
        bytes = try items.flatMap(Self.text)
      } else {
        write(node)
      }
    }
  }

  private func expected(_ node: Node) -> ImportError {
    ImportError(
      expected: "the body of a \(half.rawValue), a text, `string` or `base64_string`",
      found: node, in: node)
  }

  private mutating func write(_ parsed: Node) {
    bytes = RewrittenJSON(of: parsed).bytes
    losses.append(
      "the body of the \(half.rawValue) is JSON written anew, since the file has what was parsed "
        + "of it and not its bytes")
  }

  /// The bytes of a text.
  ///
  /// Python 2 wrote gzip streams as texts, one character a byte.
  static func text(_ node: Node) throws -> [UInt8] {
    guard let bytes = node.bytes else {
      throw ImportError(
        expected: node.isBinary ? "base64" : "a text", found: node, in: node)
    }
    guard !node.isBinary, bytes.starts(with: [0x1F, 0xC2, 0x8B]) else { return bytes }
    return Latin1.bytes(of: String(decoding: bytes, as: UTF8.self)) ?? bytes
  }

  /// The bytes that base64 stands for.
  static func base64(_ node: Node) throws -> [UInt8] {
    if node.isBinary { return try text(node) }
    guard let text = node.bytes, let bytes = Base64Text.decoded(text) else {
      throw ImportError(expected: "base64", found: node, in: node)
    }
    return bytes
  }
}
