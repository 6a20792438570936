internal import Documents
internal import HTTP
internal import LosslessJSON

extension Node {
  /// Whether it is the truth value true.
  var isTrue: Bool { text?.lowercased() == "true" }

  /// The text of a member, as bytes: of a value that is no text its JSON.
  func textOrJSON(_ key: String) -> [UInt8]? {
    guard let node = self[key], !node.isNull else { return nil }
    return node.bytes ?? node.json.bytes
  }

  /// Makes sure that it is a mapping.
  func checkMapping(_ what: String) throws(ImportError) {
    guard members == nil else { return }
    throw ImportError("expected \(what) to be a mapping, found \(kind)", line: line)
  }

  /// The whole number of a member, or nil where it has none.
  func wholeNumber(_ key: String) throws(ImportError) -> Int? {
    guard let node = self[key], !node.isNull else { return nil }
    guard let number = node.int else {
      throw ImportError(
        "expected \(key) to be a whole number, found \(node.shown)", line: node.line)
    }
    return number
  }

  /// What it is, for an error.
  var shown: String {
    guard let text, text.utf8.count <= 40 else { return kind }
    return "'\(text)'"
  }

  /// The fields of a mapping of names to a text or several; nothing where it is none.
  var fields: [HeaderField] {
    (members ?? []).flatMap { member -> [HeaderField] in
      guard let name = member.key.text, name.isToken else { return [] }
      let values = member.value.items ?? [member.value]
      return values.compactMap(\.text).map { HeaderField.imported(name, $0) }
    }
  }
}
