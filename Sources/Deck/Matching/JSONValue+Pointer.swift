internal import JSON

extension JSONPointer {
  /// Whether it must be removed before another one, so that the indices of both stay true: the higher
  /// index first, and what is inside before what is around it.
  func isRemoved(before other: JSONPointer) -> Bool {
    for (mine, theirs) in zip(tokens, other.tokens) where mine != theirs {
      guard let mine = Int(mine), let theirs = Int(theirs) else { return mine < theirs }
      return mine > theirs
    }
    return tokens.count > other.tokens.count
  }
}

extension JSONValue {
  /// Removes the values that a pointer leads to, where there are any.
  mutating func remove(_ pointer: JSONPointer) { remove(pointer.tokens[...]) }

  private mutating func remove(_ tokens: ArraySlice<String>) {
    guard let token = tokens.first else {
      self = .null
      return
    }
    let rest = tokens.dropFirst()
    withMembers { members in
      guard !rest.isEmpty else {
        members.removeAll { token == "*" || $0.hasKey(token) }
        return
      }
      for index in members.indices where token == "*" || members[index].hasKey(token) {
        members[index].value.remove(rest)
      }
    }
    withElements { elements in
      let places = Self.places(token, in: elements)
      if rest.isEmpty {
        elements.removeSubrange(places)
      } else {
        for index in places { elements[index].remove(rest) }
      }
    }
  }

  /// The indices of an array that a token stands for.
  private static func places(_ token: String, in elements: [JSONValue]) -> Range<Int> {
    if token == "*" { return elements.indices }
    guard let index = Int(token), elements.indices.contains(index), String(index) == token else {
      return 0..<0
    }
    return index..<(index + 1)
  }
}

extension JSONPointer {
  /// A key as a pointer has it: `~` as `~0`, `/` as `~1`.
  static func escaped(_ key: String) -> String {
    key.replacing("~", with: "~0").replacing("/", with: "~1")
  }
}
