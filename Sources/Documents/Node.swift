/// A value of a YAML or JSON document, with the line on which it begins.
package struct Node: Hashable, Sendable {
  /// What it is.
  package enum Value: Hashable, Sendable {
    /// A text, as it was written.
    case scalar(Scalar)
    /// Values one after the other.
    case sequence([Node])
    /// Values by keys, in the order in which they stand.
    case mapping([Member])
  }

  /// A text, and whether it can be anything else.
  package struct Scalar: Hashable, Sendable {
    /// The bytes, unescaped: UTF-8 in YAML, in JSON as `JSONValue` has them.
    package var bytes: [UInt8]
    /// Whether it was written without quotes, so that it may be a number, a truth value or null.
    package var isPlain: Bool

    /// Creates a scalar.
    package init(bytes: [UInt8], isPlain: Bool) {
      self.bytes = bytes
      self.isPlain = isPlain
    }
  }

  /// One member of a mapping.
  package struct Member: Hashable, Sendable {
    /// The key.
    package var key: Node
    /// The value.
    package var value: Node

    /// Creates a member.
    package init(key: Node, value: Node) {
      self.key = key
      self.value = value
    }
  }

  /// What it is.
  package var value: Value

  /// The tag that was written, such as `tag:yaml.org,2002:binary` for `!!binary`, or nil.
  package var tag: String?

  /// The line on which it begins, from 1; 0 where nobody knows.
  package var line: Int

  /// Creates a node.
  package init(_ value: Value, tag: String? = nil, line: Int = 0) {
    self.value = value
    self.tag = tag
    self.line = line
  }
}

extension Node {
  /// The members of a mapping, or nil.
  package var members: [Member]? {
    guard case .mapping(let members) = value else { return nil }
    return members
  }

  /// The elements of a sequence, or nil.
  package var items: [Node]? {
    guard case .sequence(let items) = value else { return nil }
    return items
  }

  /// The value of the first member with that key, or nil where there is none or this is no mapping.
  package subscript(key: String) -> Node? {
    guard case .mapping(let members) = value else { return nil }
    return members.first { $0.key.hasBytes(of: key) }?.value
  }

  /// The value that stands at the end of some keys, or nil.
  package subscript(path path: [String]) -> Node? {
    var node = self
    for key in path {
      guard let next = node[key] else { return nil }
      node = next
    }
    return node
  }

  /// Whether it is null, or a plain text that YAML takes for it. (YAML 1.2.2, 10.2)
  package var isNull: Bool {
    guard case .scalar(let scalar) = value, scalar.isPlain, tag == nil else { return false }
    return ["", "~", "null", "Null", "NULL"].contains { scalar.bytes.elementsEqual($0.utf8) }
  }

  /// The text of a scalar that is not null, or nil; bytes that are not UTF-8 are replaced.
  package var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  /// The bytes of a scalar that is not null, or nil; of one tagged `!!binary` what its base64 is.
  ///
  /// nil too where that base64 is none.
  package var bytes: [UInt8]? {
    guard case .scalar(let scalar) = value, !isNull else { return nil }
    guard isBinary else { return scalar.bytes }
    return Base64Text.decoded(scalar.bytes)
  }

  /// Whether the tag says that its text is base64. (YAML 1.1, the binary type)
  package var isBinary: Bool { tag == "tag:yaml.org,2002:binary" || tag == "!binary" }

  /// The whole number that a scalar is, quoted or not, or nil.
  package var int: Int? { text.flatMap { Int($0) } }

  /// The finite number that a scalar is, quoted or not, or nil.
  package var double: Double? { text.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil } }

  /// Whether it is a scalar of these bytes.
  package func hasBytes(of text: String) -> Bool {
    guard case .scalar(let scalar) = value else { return false }
    return scalar.bytes.elementsEqual(text.utf8)
  }

  /// What it is, in a word for an error: "a mapping".
  package var kind: String {
    switch value {
    case .scalar where isNull: "null"
    case .scalar: "a text"
    case .sequence: "a sequence"
    case .mapping: "a mapping"
    }
  }
}
