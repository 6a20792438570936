/// Where each key of an object stands of which a later member takes the place of an earlier one.
///
/// So Python's `dict` has it, and most readers of JSON. (RFC 8259, 4 leaves it open)
struct KeyPositions: Sendable {
  /// Up to so many members, looking at each is faster than a dictionary.
  private static let fewMembers = 16

  private var positions: [[UInt8]: Int] = [:]

  /// Adds a member, or gives the key that is there already its new value.
  ///
  /// - Parameters:
  ///   - member: The member.
  ///   - members: All members that were added before, and nothing else.
  /// - Returns: Where it stands, and the value that it takes the place of.
  @discardableResult
  mutating func insert(
    _ member: JSONValue.Member, into members: inout [JSONValue.Member]
  ) -> (position: Int, previous: JSONValue?) {
    if let position = position(of: member.key, in: members) {
      let previous = members[position].value
      members[position].value = member.value
      return (position, previous)
    }
    members.append(member)
    if members.count > Self.fewMembers + 1 {
      positions[member.key] = members.count - 1
    } else if members.count > Self.fewMembers {
      for (position, member) in members.enumerated() { positions[member.key] = position }
    }
    return (members.count - 1, nil)
  }

  private func position(of key: [UInt8], in members: [JSONValue.Member]) -> Int? {
    members.count > Self.fewMembers ? positions[key] : members.firstIndex { $0.key == key }
  }
}
