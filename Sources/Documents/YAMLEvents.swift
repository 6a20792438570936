internal import CYAML

/// Reads the documents of a YAML text, by libyaml.
struct YAMLEvents {
  private let bytes: [UInt8]
  private let nesting: Int

  init(_ bytes: [UInt8], nesting: Int) {
    self.bytes = bytes
    self.nesting = nesting
  }

  func documents() throws(DocumentError) -> [Node] {
    var failure: DocumentError?
    var documents: [Node] = []
    bytes.withUnsafeBufferPointer { bytes in
      do throws(DocumentError) {
        guard let parser = tapedeck_yaml_new(bytes.baseAddress, bytes.count) else {
          throw DocumentError(
            line: 0,
            reason: "YAML needs libyaml, which is not here: install it (Debian: libyaml-0-2)")
        }
        defer { tapedeck_yaml_free(parser) }
        while let event = try next(parser) {
          if let node = try node(event, parser, depth: 0) { documents.append(node) }
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return documents
  }

  private func next(_ parser: OpaquePointer) throws(DocumentError) -> tapedeck_yaml_event? {
    let event = tapedeck_yaml_next(parser)
    switch event.kind {
    case TAPEDECK_YAML_END: return nil
    case TAPEDECK_YAML_ERROR:
      let words = String(
        decoding: UnsafeBufferPointer(start: event.bytes, count: event.count), as: UTF8.self)
      throw DocumentError(line: Int(clamping: event.line), reason: "this is not YAML: \(words)")
    default: return event
    }
  }

  private func node(
    _ event: tapedeck_yaml_event, _ parser: OpaquePointer, depth: Int
  ) throws(DocumentError) -> Node? {
    let line = Int(clamping: event.line)
    guard depth <= nesting else {
      throw DocumentError(line: line, reason: "the YAML nests deeper than \(nesting)")
    }
    switch event.kind {
    case TAPEDECK_YAML_SCALAR:
      let bytes = Array(UnsafeBufferPointer(start: event.bytes, count: event.count))
      let tag = event.tag.map { String(cString: $0) }
      return Node(.scalar(.init(bytes: bytes, isPlain: event.is_plain)), tag: tag, line: line)
    case TAPEDECK_YAML_SEQUENCE_START:
      var items: [Node] = []
      while let event = try next(parser), let item = try node(event, parser, depth: depth + 1) {
        items.append(item)
      }
      return Node(.sequence(items), line: line)
    case TAPEDECK_YAML_MAPPING_START:
      var members: [Node.Member] = []
      while let event = try next(parser), let key = try node(event, parser, depth: depth + 1) {
        guard let event = try next(parser), let value = try node(event, parser, depth: depth + 1)
        else { break }
        members.append(.init(key: key, value: value))
      }
      return Node(.mapping(members), line: line)
    case TAPEDECK_YAML_ALIAS:
      throw DocumentError(line: line, reason: "aliases are not taken here")
    default: return nil
    }
  }
}
