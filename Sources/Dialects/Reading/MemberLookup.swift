internal import LosslessJSON

extension [JSONValue.Member] {
  /// Where a key stands, or nil.
  ///
  /// This is done many times for each event, so no member is copied to look at it.
  func place(of key: StaticString) -> Int? {
    let name = UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
    for place in indices where self[place].key.count == name.count {
      if self[place].key.elementsEqual(name) { return place }
    }
    return nil
  }

  /// Where a key stands, or nil.
  func place(of key: [UInt8]) -> Int? {
    for place in indices where self[place].key.count == key.count {
      if self[place].key == key { return place }
    }
    return nil
  }

  /// The value of a key, or nil.
  func value(of key: StaticString) -> JSONValue? { place(of: key).map { self[$0].value } }

  /// Changes the value of a key in place; it is added, null at first, where there is none.
  mutating func update<R>(_ key: StaticString, _ body: (inout JSONValue) -> R) -> R {
    if let place = place(of: key) { return body(&self[place].value) }
    append(.init(key.description, .null))
    return body(&self[count - 1].value)
  }
}

extension JSONValue {
  /// The value of a key of an object, or nil.
  func value(of key: StaticString) -> JSONValue? {
    if case .object(let members) = self { members.value(of: key) } else { nil }
  }

  /// Whether the value of a key is this text.
  func has(_ key: StaticString, _ text: StaticString) -> Bool {
    guard case .string(let bytes)? = value(of: key) else { return false }
    return bytes.elementsEqual(
      UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Changes the value of a key in place; what is no object becomes one.
  mutating func change(_ key: StaticString, _ body: (inout JSONValue) -> Void) {
    if withMembers({ $0.update(key, body) }) == nil {
      var value = JSONValue.null
      body(&value)
      self = .object([.init(key.description, value)])
    }
  }

  /// Changes the elements of a list in place; what is none becomes one.
  mutating func changeElements(_ body: (inout [JSONValue]) -> Void) {
    if withElements(body) == nil {
      var elements: [JSONValue] = []
      body(&elements)
      self = .array(elements)
    }
  }
}

extension JSONValue {
  /// What a sentence calls a value that is of the wrong kind.
  var kindNoun: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
