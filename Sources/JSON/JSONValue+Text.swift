extension JSONValue {
  /// Adds the canonical text.
  ///
  /// It is compact, has the members in their order, no escape that JSON does not demand, and non-ASCII
  /// raw. Reading it gives an equal value.
  public func append(to output: inout [UInt8]) {
    append(to: &output, sortingKeys: false)
  }

  /// The canonical text.
  public var bytes: [UInt8] {
    var output: [UInt8] = []
    append(to: &output)
    return output
  }

  /// A text that two values share exactly when they are equal as JSON.
  ///
  /// Object members are sorted by their keys' bytes, those of one key stay in order; strings are
  /// compared by their bytes and numbers by their exact decimal values.
  public func comparable() -> [UInt8] {
    var output: [UInt8] = []
    append(to: &output, sortingKeys: true)
    return output
  }

  private func append(to output: inout [UInt8], sortingKeys: Bool) {
    switch self {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .number(let text):
      if sortingKeys {
        Self.appendComparable(number: text, to: &output)
      } else {
        output.append(contentsOf: text.utf8)
      }
    case .string(let bytes): JSONString.append(bytes, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        element.append(to: &output, sortingKeys: sortingKeys)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      let order = sortingKeys ? Self.order(of: members) : nil
      for index in members.indices {
        let member = members[order?[index] ?? index]
        if index > 0 { output.append(UInt8(ascii: ",")) }
        JSONString.append(member.key, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.append(to: &output, sortingKeys: sortingKeys)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// The order of the members by their keys' bytes, those of one key as they are; nil where that is how
  /// they stand.
  private static func order(of members: [Member]) -> [Int]? {
    let isOrdered = members.indices.dropFirst().allSatisfy {
      !precedes(members[$0].key, members[$0 - 1].key)
    }
    if isOrdered { return nil }
    // The standard library's sort does not promise to be stable.
    return members.indices.sorted { a, b in
      if precedes(members[a].key, members[b].key) { return true }
      return a < b && !precedes(members[b].key, members[a].key)
    }
  }

  private static func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        for index in 0..<min(a.count, b.count) where a[index] != b[index] {
          return a[index] < b[index]
        }
        return a.count < b.count
      }
    }
  }
}
