internal import Documents

extension Node {
  /// The value of the first of some keys that is there and not null.
  func first(of keys: String...) -> Node? {
    for key in keys {
      if let node = self[key], !node.isNull { return node }
    }
    return nil
  }

  /// Whether the last member of a mapping has one of some keys.
  func endsWith(_ keys: String...) -> Bool {
    guard let last = members?.last?.key else { return false }
    return keys.contains(where: last.hasBytes)
  }

  /// Whether its last text goes on to a byte with which its file ends, without a closing quote.
  ///
  /// A text in a block does so where its file was cut, and base64. Short texts without quotes are
  /// written by people, whose editors may not end the last line.
  func endsOpen(with byte: UInt8) -> Bool {
    switch value {
    case .scalar(let scalar): !scalar.isPlain && scalar.bytes.last == byte
    case .sequence(let items): items.last?.endsOpen(with: byte) == true
    case .mapping(let members):
      if let last = members.last, case .scalar(let scalar) = last.value.value,
        last.key.text?.contains("base64") == true
      {
        scalar.bytes.last == byte
      } else {
        members.last?.value.endsOpen(with: byte) == true
      }
    }
  }

  /// What it is, for an error; a short text as it is.
  var shortened: String {
    guard let text, text.utf8.count <= 40, !text.utf8.contains(where: { $0 < 0x20 }) else {
      return kind
    }
    return "'\(text)'"
  }
}

extension ImportError {
  /// Something else was expected than what stands there.
  ///
  /// - Parameters:
  ///   - what: What was expected.
  ///   - found: What stands there, or nil where nothing does.
  ///   - place: What it belongs to, whose line counts where that of `found` is not known.
  init(expected what: String, found: Node?, in place: Node) {
    let line = found.map(\.line) ?? 0
    self.init(
      "expected \(what), found \(found?.shortened ?? "nothing")",
      line: line > 0 ? line : place.line)
  }
}
