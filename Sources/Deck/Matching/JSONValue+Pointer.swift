internal import JSON

extension JSONValue {
  /// Removes the value that a pointer leads to, where there is one.
  mutating func remove(_ pointer: JSONPointer) { remove(pointer.tokens[...]) }

  private mutating func remove(_ tokens: ArraySlice<String>) {
    guard let token = tokens.first else {
      self = .null
      return
    }
    let rest = tokens.dropFirst()
    switch self {
    case .object(var members):
      if rest.isEmpty {
        members.removeAll { $0.key.elementsEqual(token.utf8) }
      } else {
        for index in members.indices where members[index].key.elementsEqual(token.utf8) {
          members[index].value.remove(rest)
        }
      }
      self = .object(members)
    case .array(var items):
      guard let index = Int(token), items.indices.contains(index), String(index) == token else {
        return
      }
      if rest.isEmpty { items.remove(at: index) } else { items[index].remove(rest) }
      self = .array(items)
    default: return
    }
  }

  /// The pointer to the first place in which two values differ, or nil where they are equal.
  func firstDifference(from other: JSONValue) -> String? {
    switch (self, other) {
    case (.object(let mine), .object(let theirs)):
      let keys = (mine + theirs).map(\.key)
      for key in keys {
        let escaped = Self.escape(String(decoding: key, as: UTF8.self))
        let mineValue = mine.first { $0.key == key }?.value
        let theirValue = theirs.first { $0.key == key }?.value
        guard let mineValue, let theirValue else { return "/\(escaped)" }
        if let deeper = mineValue.firstDifference(from: theirValue) {
          return "/\(escaped)\(deeper)"
        }
      }
      return nil
    case (.array(let mine), .array(let theirs)):
      for (index, pair) in zip(mine, theirs).enumerated() {
        if let deeper = pair.0.firstDifference(from: pair.1) { return "/\(index)\(deeper)" }
      }
      return mine.count == theirs.count ? nil : "/\(min(mine.count, theirs.count))"
    default: return self == other ? nil : ""
    }
  }

  private static func escape(_ token: String) -> String {
    var escaped = ""
    for scalar in token.unicodeScalars {
      switch scalar {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
