import Documents

/// Reads a text, a few bytes at a time.
func reader(
  _ bytes: some Sequence<UInt8>, _ syntax: DocumentSyntax = .yaml, pieceBytes: Int = .max,
  limits: DocumentLimits = .init()
) -> DocumentReader {
  var rest = Array(bytes)[...]
  return DocumentReader(
    { limitBytes in
      let piece = rest.prefix(min(limitBytes, pieceBytes))
      rest = rest.dropFirst(piece.count)
      return Array(piece)
    }, syntax: syntax, limits: limits)
}

/// All documents of a text.
func documents(
  _ text: String, _ syntax: DocumentSyntax = .yaml, pieceBytes: Int = .max,
  limits: DocumentLimits = .init()
) throws -> [Node] {
  let reader = reader(text.utf8, syntax, pieceBytes: pieceBytes, limits: limits)
  var documents: [Node] = []
  while let document = try reader.next() { documents.append(document) }
  return documents
}

/// What is wrong with a text, or nil.
func failure(
  _ bytes: some Sequence<UInt8>, _ syntax: DocumentSyntax = .yaml, limits: DocumentLimits = .init()
) -> DocumentError? {
  let reader = reader(bytes, syntax, limits: limits)
  do {
    while try reader.next() != nil {}
    return nil
  } catch {
    return error as? DocumentError
  }
}

extension Node {
  /// The node as a line of text, such as `{a: [b, 'c']}`; a tag stands in angle brackets.
  var brief: String {
    let tag = tag.map { "<\($0)> " } ?? ""
    switch value {
    case .scalar(let scalar):
      let text = String(decoding: scalar.bytes, as: UTF8.self)
      return tag + (scalar.isPlain ? text : "'\(text)'")
    case .sequence(let items):
      return "\(tag)[\(items.map(\.brief).joined(separator: ", "))]"
    case .mapping(let members):
      let members = members.map { "\($0.key.brief): \($0.value.brief)" }
      return "\(tag){\(members.joined(separator: ", "))}"
    }
  }
}
