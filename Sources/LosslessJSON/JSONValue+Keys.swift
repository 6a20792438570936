extension JSONValue {
  /// The value of the last member of that key, or nil where there is none or this is no object.
  ///
  /// It is the one that counts for most readers of JSON where a key comes twice.
  public subscript(last key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.hasKey(key) }?.value
  }

  /// The value with each key of an object only once, here and in all that is inside: the first
  /// place and the last value of it, as most readers of JSON have it.
  public var withUniqueKeys: JSONValue {
    switch self {
    case .array(let elements) where elements.contains(where: \.hasNesting):
      return .array(elements.map(\.withUniqueKeys))
    case .object(let members):
      var unique: [Member] = []
      var positions = KeyPositions()
      for member in members {
        let member = Member(key: member.key, value: member.value.withUniqueKeys)
        positions.insert(member, into: &unique)
      }
      return .object(unique)
    default: return self
    }
  }

  private var hasNesting: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }
}
