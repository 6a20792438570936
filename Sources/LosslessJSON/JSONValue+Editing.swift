extension JSONValue {
  /// The members of an object, or nil.
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// The elements of an array, or nil.
  public var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The bytes of a string, or nil.
  public var stringBytes: [UInt8]? { if case .string(let bytes) = self { bytes } else { nil } }

  /// The text of a string, or nil.
  public var text: String? { stringBytes.map { String(decoding: $0, as: UTF8.self) } }

  /// The value of a number that is written as an integer and fits, or nil.
  public var integer: Int? { if case .number(let text) = self { Int(text) } else { nil } }

  /// Whether this is null.
  public var isNull: Bool { if case .null = self { true } else { false } }

  /// Changes the members of an object in place: nothing of it is copied where it is held only here.
  ///
  /// - Returns: What `body` returns, or nil where this is no object.
  @discardableResult
  public mutating func withMembers<R>(_ body: (inout [Member]) -> R) -> R? {
    guard case .object(var members) = self else { return nil }
    // While the members are held twice, changing them would copy them.
    self = .null
    defer { self = .object(members) }
    return body(&members)
  }

  /// Changes the elements of an array in place.
  ///
  /// - Returns: What `body` returns, or nil where this is no array.
  @discardableResult
  public mutating func withElements<R>(_ body: (inout [JSONValue]) -> R) -> R? {
    guard case .array(var elements) = self else { return nil }
    self = .null
    defer { self = .array(elements) }
    return body(&elements)
  }

  /// Adds bytes to a string in place.
  ///
  /// - Returns: Whether this is a string.
  @discardableResult
  public mutating func append(string more: [UInt8]) -> Bool {
    guard case .string(var bytes) = self else { return false }
    self = .null
    bytes.append(contentsOf: more)
    self = .string(bytes)
    return true
  }

  /// Changes the value of a key in place; where an object has no such key, it is added, null at
  /// first.
  ///
  /// - Returns: What `body` returns, or nil where this is no object.
  @discardableResult
  public mutating func update<R>(_ key: String, _ body: (inout JSONValue) -> R) -> R? {
    withMembers { members in
      let found = members.firstIndex { $0.hasKey(key) }
      if found == nil { members.append(Member(key, .null)) }
      return body(&members[found ?? members.count - 1].value)
    }
  }

  /// Sets the value of a key of an object, where it stands or behind the others.
  public mutating func set(_ key: String, to value: JSONValue) { update(key) { $0 = value } }

  /// Removes a key from an object, with its value.
  public mutating func remove(_ key: String) {
    withMembers { members in members.removeAll { $0.hasKey(key) } }
  }
}
