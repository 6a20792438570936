// The members of objects: their keys and their order.
extension ComparableJSONWriter {
  mutating func key() throws(JSONError) -> Member {
    try scanner.expectKey()
    let (index, start) = (scanner.index, place)
    let isPlain = try string()
    return Member(
      key: (index + 1)..<(scanner.index - 1), isPlain: isPlain, start: start, keyEnd: place)
  }

  /// Puts the members of the object that has just been closed in the order of their keys.
  mutating func sort(from first: Int) {
    flush()
    let unsorted = Array(members[first...])
    let start = unsorted[0].start
    let old = Array(output[start..<(output.count - 1)])
    let ends = unsorted.dropFirst().map { $0.start - 1 } + [output.count - 1]
    output.removeSubrange(start...)
    // The standard library's sort does not promise to be stable.
    let order = unsorted.indices.sorted { a, b in
      if precedes(unsorted[a], unsorted[b]) { return true }
      return a < b && !precedes(unsorted[b], unsorted[a])
    }
    for (place, index) in order.enumerated() {
      if place > 0 { output.append(UInt8(ascii: ",")) }
      var member = unsorted[index]
      let shift = output.count - member.start
      output.append(contentsOf: old[(member.start - start)..<(ends[index] - start)])
      member.start += shift
      member.keyEnd += shift
      members[first + place] = member
    }
    output.append(UInt8(ascii: "}"))
  }

  /// Whether the key of a member comes before that of another one.
  func precedes(_ a: Member, _ b: Member) -> Bool {
    if a.isPlain, b.isPlain {
      return Self.precedes(
        UnsafeBufferPointer(rebasing: scanner.text[a.key]),
        UnsafeBufferPointer(rebasing: scanner.text[b.key]))
    }
    return unescaped(a).withUnsafeBufferPointer { a in
      unescaped(b).withUnsafeBufferPointer { b in Self.precedes(a, b) }
    }
  }

  func unescaped(_ member: Member) -> [UInt8] {
    var scanner = scanner
    scanner.index = member.key.lowerBound - 1
    // It was read before.
    return (try? scanner.string()) ?? []
  }

  private static func precedes(
    _ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    for index in 0..<min(a.count, b.count) where a[index] != b[index] {
      return a[index] < b[index]
    }
    return a.count < b.count
  }

  /// What pointers say of what is inside of a key or an index.
  static func rests(
    of pointers: [ArraySlice<String>], isNamed: (String) -> Bool
  ) -> [ArraySlice<String>] {
    pointers.compactMap { tokens in
      guard let token = tokens.first, token == "*" || isNamed(token) else { return nil }
      return tokens.dropFirst()
    }
  }

  func isKey(_ token: String, of member: Member) -> Bool {
    member.isPlain
      ? scanner.text[member.key].elementsEqual(token.utf8)
      : unescaped(member).elementsEqual(token.utf8)
  }
}
